#!/usr/bin/env bash
# Runs the whole matrix and puts its table into README.md, between the two comments that mark its place.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/parity.sh --all "$@"
new=$(mktemp README.XXXXXX)
awk '
    /<!-- options: / { print; while ((getline line < "artifacts/parity.options.md") > 0) print line; skip = 1 }
    /<!-- end of options -->/ { skip = 0 }
    !skip
' README.md >"$new"
mv -f "$new" README.md
