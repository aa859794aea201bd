#!/usr/bin/env python3
"""Adds up Stryker's reports and lists what survived: scripts/mutation-report.py REPORT.json ...

A mutant that stands in several reports counts once, with what the last of them says.
"""
import collections
import json
import sys

mutants = {}
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as report:
        for name, file in json.load(report)["files"].items():
            for mutant in file["mutants"]:
                if mutant["status"] in ("Ignored", "CompileError", "Pending"):
                    continue
                start = mutant["location"]["start"]
                key = (name.split("/Rnn.", 1)[-1], start["line"], start["column"], mutant["replacement"])
                mutants[key] = (mutant["status"], file["source"].splitlines()[start["line"] - 1].strip())

counts = collections.Counter(status for status, _ in mutants.values())
for (name, line, _, replacement), (status, source) in sorted(mutants.items()):
    if status in ("Survived", "NoCoverage"):
        print(f"{status} Rnn.{name}:{line}\n  {source}\n  -> {' '.join(replacement.split())}")
detected = counts["Killed"] + counts["Timeout"]
print(f"{dict(counts)}: {detected} of {len(mutants)} detected, {detected / max(1, len(mutants)):.1%}")
