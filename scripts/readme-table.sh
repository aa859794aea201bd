#!/usr/bin/env bash
# Puts tables from runs into README.md and docs/matrix.md, each between the two comments that mark its place:
#
#   scripts/readme-table.sh [options|witnesses]
#
# options runs the whole matrix, which takes minutes; witnesses verifies every testimony, by a test. Both without an argument.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case ${1-} in
    '') chosen=(options witnesses) ;;
    options | witnesses) chosen=("$1") ;;
    *) echo "readme-table: '$1' is unknown, options or witnesses is expected" >&2; exit 2 ;;
esac

put() {
    local new
    grep -qxF "<!-- end of $1 -->" "$3" || { echo "readme-table: $3 has no '<!-- end of $1 -->'" >&2; exit 1; }
    new=$(mktemp "$3.XXXXXX")
    awk -v begin="<!-- $1: " -v end="<!-- end of $1 -->" -v table="$2" '
        index($0, begin) == 1 { print; while ((getline line < table) > 0) print line; skip = 1 }
        $0 == end { skip = 0 }
        !skip
    ' "$3" >"$new"
    cat "$new" >"$3"
    rm "$new"
}

for name in "${chosen[@]}"; do
    if [[ $name == options ]]; then
        dotnet run -c Release --project Rnn.Parity.Cli -- --all
        put options artifacts/parity.options.md docs/matrix.md
    else
        rm -f artifacts/witnesses.md
        # the test fails where README has another table
        RNNPARITY_LONG=1 dotnet test -c Release --filter Name=README_has_what_each_witness_testifies Rnn.Parity.Tests || true
        [[ -f artifacts/witnesses.md ]] || { echo "readme-table: the test did not run" >&2; exit 1; }
        put witnesses artifacts/witnesses.md README.md
    fi
done
