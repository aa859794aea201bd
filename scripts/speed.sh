#!/usr/bin/env bash
# Times the implementations beside nn.RNN, in turn, and puts the table of ratios into docs/speed.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
table=$(dotnet run -c Release --project Rnn.Benchmarks -- ratios)
{
    sed '/<!-- table/q' docs/speed.md
    printf '%s\n' "$table"
    sed -n '/<!-- end of table/,$p' docs/speed.md
} >docs/speed.md.new
mv docs/speed.md.new docs/speed.md
