#!/usr/bin/env python3
"""Adds up Stryker's reports and lists what survived: scripts/mutation-report.py [--again] REPORT.json ...

A mutant that stands in several reports of the same source counts as in the last of them. Mutants that crash the tests'
process (RuntimeError) stand in the counts but not in the score, as with Stryker. With --again it prints, instead, the
options with which scripts/mutation.sh tries again what survived.
"""
import collections
import json
import sys

again = sys.argv[1:2] == ["--again"]
files = {}  # file -> (source, {mutant: status})
for path in sys.argv[1 + again :]:
    with open(path, encoding="utf-8") as report:
        for name, file in json.load(report)["files"].items():
            tried = {
                (*(m["location"][end][at] for end in ("start", "end") for at in ("line", "column")), m["replacement"]): m["status"]
                for m in file["mutants"]
                if m["status"] not in ("Ignored", "CompileError", "Pending")
            }
            name = name.split("/Rnn.", 1)[-1]
            source, known = files.get(name, (None, {}))
            if tried:
                files[name] = (file["source"], {**(known if source == file["source"] else {}), **tried})


def offset(source, line, column):
    return sum(len(text) for text in source.splitlines(keepends=True)[: line - 1]) + column - 1


def score(statuses):
    counts = collections.Counter(statuses)
    detected = counts["Killed"] + counts["Timeout"]
    valid = detected + counts["Survived"] + counts["NoCoverage"]
    return f"{dict(counts)}: {detected} of {valid} detected, {detected / max(1, valid):.1%}"


if again:
    for name, (source, mutants) in sorted(files.items()):
        alive = sorted({m[:4] for m, status in mutants.items() if status in ("Survived", "NoCoverage")})
        spans = "".join(f"{{{offset(source, *m[:2])}..{offset(source, *m[2:])}}}" for m in alive)
        if alive:
            print(f"-m **/{name.split('/', 1)[1]}{spans}")
    sys.exit()
for name, (source, mutants) in sorted(files.items()):
    for (line, *_, replacement), status in sorted(mutants.items()):
        if status in ("Survived", "NoCoverage"):
            print(f"{status} Rnn.{name}:{line}\n  {source.splitlines()[line - 1].strip()}\n  -> {' '.join(replacement.split())}")
for name, (_, mutants) in sorted(files.items()):
    print(f"Rnn.{name}: {score(mutants.values())}")
print(f"together: {score([status for _, mutants in files.values() for status in mutants.values()])}")
