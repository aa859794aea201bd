#!/usr/bin/env python3
"""Adds up Stryker's reports and lists what survived: scripts/mutation-report.py REPORT.json ...

A file that was mutated in several reports counts as in the last of them. Mutants that crash the tests' process
(RuntimeError) stand in the counts but not in the score, as with Stryker.
"""
import collections
import json
import sys

files = {}
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as report:
        for name, file in json.load(report)["files"].items():
            lines = file["source"].splitlines()
            mutants = [m for m in file["mutants"] if m["status"] not in ("Ignored", "CompileError", "Pending")]
            if mutants:
                files[name.split("/Rnn.", 1)[-1]] = (lines, mutants)


def score(mutants):
    counts = collections.Counter(m["status"] for m in mutants)
    detected = counts["Killed"] + counts["Timeout"]
    valid = detected + counts["Survived"] + counts["NoCoverage"]
    return f"{dict(counts)}: {detected} of {valid} detected, {detected / max(1, valid):.1%}"


for name, (lines, mutants) in sorted(files.items()):
    for m in sorted(mutants, key=lambda m: m["location"]["start"]["line"]):
        if m["status"] in ("Survived", "NoCoverage"):
            line = m["location"]["start"]["line"]
            print(f"{m['status']} Rnn.{name}:{line}\n  {lines[line - 1].strip()}\n  -> {' '.join(m['replacement'].split())}")
for name, (_, mutants) in sorted(files.items()):
    print(f"Rnn.{name}: {score(mutants)}")
print(f"together: {score([m for _, mutants in files.values() for m in mutants])}")
