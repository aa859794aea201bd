#!/usr/bin/env bash
# Times the implementations beside nn.RNN and puts the tables into docs/speed.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
results=artifacts/benchmarks/results
rm -rf "$results"
dotnet run -c Release --project Rnn.Benchmarks -- --filter "${1:-*}"
{
    sed '/<!-- tables/q' docs/speed.md
    for table in "$results"/*-report-github.md; do
        name=${table##*Rnn.Benchmarks.}
        printf '\n### %s\n\n' "${name%-report-github.md}"
        # what is said of the machine stands above each table; once is enough
        sed -n '/^|/p' "$table"
    done
    printf '\n```\n'
    sed -n '/^BenchmarkDotNet/,/^ *\[Host\]/p' "$(ls "$results"/*-report-github.md | head -1)"
    printf '```\n'
    sed -n '/<!-- end of tables/,$p' docs/speed.md
} >docs/speed.md.new
mv docs/speed.md.new docs/speed.md
