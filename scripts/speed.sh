#!/usr/bin/env bash
# Times the implementations beside nn.RNN, in turn, and puts the tables and the picture into docs.
# Where python3 has torch, its nn.RNN is timed too, in a process of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
benchmark=(dotnet run -c Release --project Rnn.Benchmarks --)

put() {
    {
        sed "/<!-- $1/q" docs/speed.md
        printf '%s\n' "$2"
        sed -n "/<!-- end of $1/,\$p" docs/speed.md
    } >docs/speed.md.new
    mv docs/speed.md.new docs/speed.md
}

for name in ratios growth matrix; do
    # not as an argument of put, where a failure would go unnoticed
    table=$("${benchmark[@]}" "$name" $([[ $name != growth ]] || echo docs/growth.svg))
    put "$name" "$table"
done
for python in python3 /usr/bin/python3; do
    if "$python" -c 'import torch' 2>/dev/null; then
        table=$("$python" scripts/speed.py)
        put python "$table"
        break
    fi
done
