#!/usr/bin/env bash
# Times the implementations beside nn.RNN, in turn, and puts the tables into docs/speed.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for table in ratios growth; do
    made=$(dotnet run -c Release --project Rnn.Benchmarks -- $table)
    {
        sed "/<!-- $table/q" docs/speed.md
        printf '%s\n' "$made"
        sed -n "/<!-- end of $table/,\$p" docs/speed.md
    } >docs/speed.md.new
    mv docs/speed.md.new docs/speed.md
done
