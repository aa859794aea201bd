#!/usr/bin/env bash
# Runs the suite, the main job, the mutants and the fingerprints on each BLAS that Debian has here (libblas3 and liblapack3,
# libopenblas0-pthread, ...), with one thread and with two, and puts the table of what was found into docs/blas.md, between
# the two comments that mark its place. LD_LIBRARY_PATH chooses the BLAS, so nothing on the machine changes. What the
# runs wrote stays in artifacts/blas/. Exit status: 0 all holds, 1 something failed somewhere, 2 it cannot be run here.
#
#   scripts/blas-table.sh            runs and writes the table
#   scripts/blas-table.sh --table    writes the table again from what the last runs wrote
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en

runs=artifacts/blas
program=Rnn.Parity/bin/Release/net10.0/Rnn.Parity.dll
fail() { echo "blas-table: $*" >&2; exit 2; }

# The folders with a BLAS, the reference first; each is the name of its column.
folders() { ls -d /usr/lib/*/blas/libblas.so.3 /usr/lib/*/openblas-*/libblas.so.3 2>/dev/null | xargs -r -n 1 dirname; }

# The reference BLAS has its LAPACK beside it; with the system's, OpenBLAS could be loaded as well.
search_path() { if [[ -f $1/liblapack.so.3 ]]; then echo "$1"; else echo "$1:${1%/*}/lapack"; fi; }

# The BLAS that the header names must lie in the folder that was chosen, all of it.
check_header() { # folder, header
    local file loaded=${2#*BLAS }
    for file in ${loaded%%,*}; do
        [[ $file == + ]] || find -L "$1" -type f -printf '%p\n' | xargs realpath | grep -q "/$file$" ||
            fail "$1 was chosen, and the header of the run names $file, which is not there: $2"
    done
}

run() { # folder, threads: each part writes its last words to a file; a failure is counted and the rest goes on
    local out=$runs/${1##*/}-$2 path
    path=$(search_path "$1")
    mkdir -p "$out"
    echo "blas-table: ${1##*/}, $2 threads" >&2
    local env=(env "LD_LIBRARY_PATH=$path" "OMP_NUM_THREADS=$2" "OPENBLAS_NUM_THREADS=$2")
    "${env[@]}" dotnet "$program" bits --certificate "$out/bits.csv" >"$out/bits.txt" || failed=1
    check_header "$1" "$(head -n 1 "$out/bits.txt")"
    "${env[@]}" dotnet "$program" --certificate "$out/parity.csv" >"$out/parity.txt" || failed=1
    "${env[@]}" dotnet "$program" mutants --certificate "$out/mutants.csv" >"$out/mutants.txt" || failed=1
    "${env[@]}" scripts/test.sh --no-build >"$out/tests.txt" || failed=1
    cp artifacts/tests/results.trx "$out/"
}

# Rows of parity.csv: of a section, an implementation and a reference (patterns), in the kinds of evidence.
evidence() { # environment, section, implementation, reference
    awk -F, -v section="$2" -v by="$3" -v reference="$4" '
        $1 != section || $4 !~ by || $5 !~ reference { next }
        { kind = $8 == "yes" ? $7 : "FAILED"; if (!(kind in n)) kinds[++count] = kind; n[kind]++; total++ }
        kind == "certified" && $12 > worst { worst = $12 }
        END {
            for (i = 1; i <= count; i++) printf "%s%s in %d of %d", i > 1 ? ", " : "", kinds[i], n[kinds[i]], total
            if (worst) printf ", worst ratio %.3f", worst
        }' "$runs/$1/parity.csv"
}

# How many fingerprints of one environment another has as well.
same() { # environment, other, group, by
    awk -F, -v group="$3" -v by="$4" '
        FNR == 1 { next }
        FNR == NR { sha[$1, $2, $3, $4] = $6; next }
        $1 == group && $3 == by { total++; count += sha[$1, $2, $3, $4] == $6 }
        END { printf "%s of %d", count == total ? "all" : count, total }' "$runs/$2/bits.csv" "$runs/$1/bits.csv"
}

row() { # title, command, arguments after the environment
    local title=$1 environment
    shift
    printf '| %s |' "$title"
    for environment in "${environments[@]}"; do printf ' %s |' "$("$1" "$environment" "${@:2}")"; done
    echo
}

header() { head -n 1 "$runs/$1/bits.txt"; }
blas() { header "$1" | sed 's/.*BLAS \([^,]*\),.*/\1/'; }
threads() { header "$1" | sed 's/.* \([0-9]*\) threads\?,.*/\1/'; }
last() { grep . "$runs/$1/$2" | grep -v '^certificate' | tail -n 1; }
beside() { same "$1" "${!2}" "$3" "$4"; }
one_thread() { same "$1" "${1%-*}-1" "$2" "$3"; }

table() {
    local first=${environments[0]} group by
    echo
    echo "Measured on $(header "$first" | sed 's/, BLAS.*threads\?,/,/'), .NET $(dotnet --version)."
    echo
    printf '| |'; printf ' %s |' "${environments[@]}"; echo
    printf '|---|'; printf -- '---|%.0s' "${environments[@]}"; echo
    row "BLAS, as loaded" blas
    row "threads" threads
    row "the suite" last tests.txt
    row "the main job" last parity.txt
    row "in whole-sequence order, beside nn.RNN" evidence parity 'Rnn$' '^nn.RNN$'
    row "in per-step order, beside nn.RNNCell" evidence parity 'Rnn$' '^nn.RNNCell$'
    row "nn.RNN beside nn.RNNCell" evidence parity '^nn.RNN$' '^nn.RNNCell$'
    row "cases in which nothing rounds, beside integers" evidence exact . .
    row "published numbers" evidence published . .
    row "differences proven" evidence difference . .
    row "mutants" last mutants.txt
    echo
    echo "The same bits as in the column $first:"
    echo
    comparison beside first
    echo
    echo "The same bits as on the same BLAS with one thread:"
    echo
    comparison one_thread
}

comparison() { # command, and its first arguments
    local group by
    printf '| |'; printf ' %s |' "${environments[@]}"; echo
    printf '|---|'; printf -- '---|%.0s' "${environments[@]}"; echo
    for by in drawn nn.RNN nn.RNNCell; do
        for group in documents matrix large exact; do row "$by, $group" "$@" "$group" "$by"; done
    done
}

failed=0
if [[ ${1:-} != --table ]]; then
    mapfile -t found < <(folders)
    ((${#found[@]} > 1)) || fail "fewer than two BLAS are installed; on Debian: apt-get install libblas3 liblapack3 libopenblas0-pthread"
    scripts/setup.sh
    log=$(dotnet build RnnParity.sln -c Release -v quiet 2>&1) || { echo "$log" >&2; exit 2; }
    rm -rf "$runs"
    for folder in "${found[@]}"; do for count in 1 2; do run "$folder" "$count"; done; done
fi
mapfile -t environments < <(find "$runs" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' 2>/dev/null | sort)
((${#environments[@]} > 0)) || fail "there are no runs in $runs: run it without --table first"
table >"$runs/table.md"
new=$(mktemp docs/blas.XXXXXX)
awk -v table="$runs/table.md" '
    /<!-- runs: / { print; while ((getline line < table) > 0) print line; skip = 1 }
    /<!-- end of runs -->/ { skip = 0 }
    !skip
' docs/blas.md >"$new"
mv -f "$new" docs/blas.md
exit $failed
