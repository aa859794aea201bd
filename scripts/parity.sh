#!/usr/bin/env bash
# The main job: the RNNs from scratch beside nn.RNN and nn.RNNCell. --help says what it takes.
# verify certifies folders of your own (relative to where you stand), witnesses sums up the testimonies in fixtures/;
# mutants puts wrong RNNs to every kind of evidence, hunt is an exercise in naming the mistake of one; bits writes the
# SHA-256 of what the references compute, to be compared with another machine's.
# Exit status: 0 all holds, 1 something differs, 2 bad usage or bad input.
set -euo pipefail
from=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en

scripts/setup.sh
program=Rnn.Parity/bin/Release/net10.0/Rnn.Parity.dll
[[ -f $program ]] || echo "parity: building" >&2
log=$(dotnet build Rnn.Parity -c Release -v quiet 2>&1) || { echo "$log" >&2; exit 2; }
program=$PWD/$program
[[ ${1-} != verify ]] || cd "$from"
exec dotnet "$program" "$@"
