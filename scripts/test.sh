#!/usr/bin/env bash
# All tests. Arguments go to dotnet test, as in: scripts/test.sh --filter Category=Cuda
# The results lie in artifacts/tests/results.trx; the last line counts them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en

scripts/setup.sh
results=artifacts/tests
rm -rf "$results"
mkdir -p "$results"
trx=$results/results.trx
status=0
dotnet test RnnParity.sln -c Release -v quiet --results-directory "$results" --logger "trx;LogFileName=results.trx" \
    --logger "console;verbosity=minimal" "$@" | tee "$results/output.txt" | grep -v '^  Skipped ' || status=$?

if grep -q 'Test Run Aborted' "$results/output.txt"; then
    echo "test: the run was aborted, and what follows counts only what ran before" >&2
    status=1
fi
[[ -f $trx ]] || { echo "test: no test ran" >&2; exit 2; }
if grep -q '^  Skipped ' "$results/output.txt"; then
    echo "Why tests were skipped:"
    sed -n '/outcome="NotExecuted"/,/<\/UnitTestResult>/s/.*<Message>\(.*\)<\/Message>.*/\1/p' "$trx" | sort | uniq -c
fi

# <Counters total="9" executed="8" passed="7" failed="1" …/>; what was not executed was skipped.
count() { sed -n "s/.*<Counters [^>]*\b$1=\"\([0-9]*\)\".*/\1/p" "$trx"; }
(($(count total) > 0)) || { echo "test: no test ran" >&2; exit 2; }
echo "$(count passed) passed, $(count failed) failed, $(($(count total) - $(count executed))) skipped"
exit $status
