#!/usr/bin/env bash
# Stryker.NET changes our own code a little, one place at a time, and runs the tests: each change should make one fail.
# usage: scripts/mutation.sh scratch|variants|parity [options of dotnet stryker, as in -m '**/ElmanRnn.cs']
#        scripts/mutation.sh scratch|variants|parity --again REPORT.json...
# variants are the folders Backward and Notebooks of Rnn.Scratch, which have tests of their own: every test is run.
# With --again, what survived in those reports is tried again with every test:
# Stryker may lose which code a test of a few milliseconds covers.
# The report lies in artifacts/mutation/<target>/reports; docs/mutation.md says how it is made.
# Not for CI: it takes from a quarter of an hour to some hours.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en

target=${1:-}
[[ $target =~ ^(scratch|variants|parity)$ ]] || { echo "usage: scripts/mutation.sh scratch|variants|parity [options]" >&2; exit 2; }
shift
config=$PWD/scripts/mutation-${target/variants/scratch}.json
if [[ $target == variants || ${1:-} == --again ]]; then
    if [[ ${1:-} == --again ]]; then
        options=$(scripts/mutation-report.py "$@")
        # shellcheck disable=SC2086 # two words a line
        set -f && set -- $options && set +f
    fi
    mkdir -p artifacts
    sed 's/"perTest"/"off"/' "$config" >"artifacts/mutation-$target.json"
    config=$PWD/artifacts/mutation-$target.json
fi
dotnet tool restore >/dev/null
out=$PWD/artifacts/mutation/$target
cd Rnn.Parity.Tests
# The runner never runs, and does not miss, a test with such a character in its name: nunit3-vs-adapter, issue 1488.
Mutation=$target dotnet build -c Release >&2
export RNNPARITY_LONG=1
tests=$(Mutation=$target dotnet bin/Release/net10.0/Rnn.Parity.Tests.dll --list-tests)
if grep '^    .*[=&|!~\\]' <<<"$tests"; then
    echo "mutation: these tests would not be run: their names have =, &, |, !, ~ or a backslash" >&2
    exit 2
fi
# Stryker runs two processes; their threads would wait for each other.
export OMP_NUM_THREADS=1
Mutation=$target exec dotnet stryker -f "$config" -O "$out" "$@"
