#!/usr/bin/env bash
# Runs the suite, the main job, the mutants and the fingerprints on each BLAS that Debian has here (libblas3 and liblapack3,
# libopenblas0-pthread, ...), with one thread and with two, and puts the table of what was found into docs/blas.md, between
# the two comments that mark its place. LD_LIBRARY_PATH chooses the BLAS, so nothing on the machine changes. What the
# runs wrote stays in artifacts/blas/. Exit status: 0 all holds, 1 something failed somewhere, 2 it cannot be run here.
#
#   scripts/blas-table.sh            runs all of it, a quarter of an hour or more, and writes the table
#   scripts/blas-table.sh --suite    runs the suite only, and writes the table with what the last runs wrote
#   scripts/blas-table.sh --table    writes the table again from what the last runs wrote
#   scripts/blas-table.sh --packages runs all of it with the libtorch of the packages and the BLAS inside it, on a machine
#                                    where they load. Its columns join the others when artifacts/blas/packages-1 and
#                                    packages-2 are copied beside theirs and the table is written again.
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

on() { # folder, threads, a command
    local path=${LD_LIBRARY_PATH:-}
    [[ $1 == packages ]] || path=$(search_path "$1")
    echo "blas-table: ${1##*/}-$2: ${*:3}" >&2
    env "LD_LIBRARY_PATH=$path" "OMP_NUM_THREADS=$2" "OPENBLAS_NUM_THREADS=$2" "${@:3}"
}

run() { # folder, threads: a failure is counted, and the rest goes on
    local out=$runs/${1##*/}-$2
    mkdir -p "$out"
    echo "${OPENBLAS_CORETYPE:-its own choice}" >"$out/kernels.txt"
    on "$1" "$2" dotnet "$program" bits --certificate "$out/bits.csv" >"$out/bits.txt" || failed=1
    [[ $1 == packages ]] || check_header "$1" "$(head -n 1 "$out/bits.txt")"
    on "$1" "$2" dotnet "$program" --certificate "$out/parity.csv" >"$out/parity.txt" || failed=1
    on "$1" "$2" dotnet "$program" mutants --certificate "$out/mutants.csv" >"$out/mutants.txt" || failed=1
}

suite() { # folder, threads
    [[ -d $runs/${1##*/}-$2 ]] || fail "there are no runs in $runs/${1##*/}-$2: run it without --suite first"
    on "$1" "$2" scripts/test.sh --no-build >"$runs/${1##*/}-$2/tests.txt" || failed=1
    cp -f artifacts/tests/results.trx "$runs/${1##*/}-$2/"
}

# Rows of parity.csv: of a section, an implementation and a reference (patterns), in the kinds of evidence.
evidence() { # environment, section, implementation, reference
    awk -F, -v section="$2" -v by="$3" -v reference="$4" '
        # a quoted field may have commas
        { while (match($0, /"[^"]*"/)) {
            field = substr($0, RSTART + 1, RLENGTH - 2); gsub(/,/, ";", field)
            $0 = substr($0, 1, RSTART - 1) field substr($0, RSTART + RLENGTH)
        } }
        $1 != section || $4 !~ by || $5 !~ reference { next }
        { kind = $8 == "yes" ? $7 : "FAILED"; if (!(kind in n)) kinds[++count] = kind; n[kind]++; total++ }
        kind == "certified" && $12 > worst { worst = $12 }
        END {
            if (!total) exit 1
            for (i = 1; i <= count; i++) printf "%s%s in %d of %d", (i > 1 ? ", " : ""), kinds[i], n[kinds[i]], total
            if (worst) printf ", worst ratio %.3f", worst
        }' "$runs/$1/parity.csv"
}

# How many fingerprints of one environment another has as well.
same() { # environment, other, group, by
    awk -F, -v group="$3" -v by="$4" '
        FNR == 1 { next }
        FNR == NR { sha[$1, $2, $3, $4] = $6; next }
        $1 == group && $3 == by { total++; count += sha[$1, $2, $3, $4] == $6 }
        END { if (!total) exit 1; printf "%s of %d", (count == total ? "all" : count + 0), total }' "$runs/$2/bits.csv" "$runs/$1/bits.csv"
}

# In how many cases of a group the two references have the same output.
references() { # environment, group
    awk -F, -v group="$2" '
        $1 != group || $4 != "output" { next }
        $3 == "nn.RNN" { sha[$2] = $6 }
        $3 == "nn.RNNCell" { total++; count += sha[$2] == $6 }
        END { if (!total) exit 1; printf "%s of %d", (count == total ? "all" : count + 0), total }' "$runs/$1/bits.csv"
}

row() { # title, command, arguments after the environment
    local title=$1 environment cell cells=""
    shift
    for environment in "${environments[@]}"; do
        cell=$("$1" "$environment" "${@:2}") || fail "nothing can be read in $runs/$environment for: $title"
        cells+=" $cell |"
    done
    echo "| $title |$cells"
}

header() { head -n 1 "$runs/$1/bits.txt"; }
libtorch() { header "$1" | sed 's/^libtorch //; s/, BLAS.*//'; }
machine() { header "$1" | sed 's/.* threads\?, //'; }
blas() { header "$1" | sed 's/.*BLAS \([^,]*\),.*/\1/'; }
threads() { header "$1" | sed 's/.* \([0-9]*\) threads\?,.*/\1/'; }
kernels() { if [[ $(blas "$1") == *openblas* ]]; then cat "$runs/$1/kernels.txt"; else echo "none"; fi; }
# The last line of a file that counts something.
last() { local words; words=$(grep -E "$3" "$runs/$1/$2" 2>/dev/null | tail -n 1) || true; echo "${words:-not run}"; }
beside() { same "$1" "${!2}" "$3" "$4"; }
one_thread() { same "$1" "${1%-*}-1" "$2" "$3"; }

columns() {
    printf '| |'; printf ' %s |' "${environments[@]}"; echo
    printf '|---|'; printf -- '---|%.0s' "${environments[@]}"; echo
}

table() {
    local first=${environments[0]} group
    echo
    columns
    row "libtorch" libtorch
    row "machine" machine
    row "BLAS, as loaded" blas
    row "threads" threads
    row "OpenBLAS's kernels, by OPENBLAS_CORETYPE" kernels
    row "the suite" last tests.txt "^[0-9]+ passed"
    row "the main job" last parity.txt "^[0-9]+ checks"
    row "in whole-sequence order, beside nn.RNN" evidence parity 'Rnn$' '^nn.RNN$'
    row "in per-step order, beside nn.RNNCell" evidence parity 'Rnn$' '^nn.RNNCell$'
    row "nn.RNN beside nn.RNNCell" evidence parity '^nn.RNN$' '^nn.RNNCell$'
    row "cases in which nothing rounds, beside integers" evidence exact . .
    row "published numbers" evidence published . .
    row "differences proven" evidence difference . .
    row "mutants" last mutants.txt "^[0-9]+ mutants"
    echo
    echo "In how many cases the output of nn.RNN and that of nn.RNNCell are the same bits:"
    echo
    columns
    for group in documents matrix large exact; do row "$group" references "$group"; done
    echo
    echo "The same bits as in the column $first, by how many quantities (output, h_n, gradients; drawn: what a case is given):"
    echo
    comparison beside first
    echo
    echo "The same bits as on the same BLAS with one thread:"
    echo
    comparison one_thread
}

comparison() { # command, and its first arguments
    local group by
    columns
    for by in drawn nn.RNN nn.RNNCell; do
        for group in documents matrix large exact; do row "$by, $group" "$@" "$group" "$by"; done
    done
}

# Calls a function for each environment.
each() { local folder count; for folder in "${found[@]}"; do for count in 1 2; do "$1" "$folder" "$count"; done; done; }

what=${1:-all}
[[ $what =~ ^(all|--suite|--table|--packages)$ ]] ||
    fail "the argument is $what; --suite, --table or --packages is expected, or none"
failed=0
if [[ $what != --table ]]; then
    scripts/setup.sh
    backend=$(sed -n 's/.*<TorchBackend[^>]*>\(.*\)<\/TorchBackend>.*/\1/p' TorchBackend.props)
    if [[ $what == --packages ]]; then
        [[ $backend == cpu ]] || fail "the backend here is $backend; cpu is expected, the package TorchSharp-cpu"
        found=(packages)
    else
        [[ $backend == libtorch ]] || fail "the backend here is $backend; libtorch is expected, whose BLAS can be chosen"
        mapfile -t found < <(folders)
        ((${#found[@]} > 1)) || fail "fewer than two BLAS are installed; on Debian: apt-get install libblas3 liblapack3 libopenblas0-pthread"
    fi
    log=$(dotnet build RnnParity.sln -c Release -v quiet 2>&1) || { echo "$log" >&2; exit 2; }
    if [[ $what != --suite ]]; then
        rm -rf "$runs"
        each run
    fi
    each suite
fi
mapfile -t environments < <(find "$runs" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' 2>/dev/null | sort)
((${#environments[@]} > 0)) || fail "there are no runs in $runs: run it without an argument first"
table >"$runs/table.md"
if grep -q FAILED "$runs/table.md"; then failed=1; fi
new=$(mktemp docs/blas.XXXXXX)
awk -v table="$runs/table.md" '
    /<!-- runs: / { print; while ((getline line < table) > 0) print line; skip = 1 }
    /<!-- end of runs -->/ { skip = 0 }
    !skip
' docs/blas.md >"$new"
mv -f "$new" docs/blas.md
exit $failed
