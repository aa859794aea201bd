#!/usr/bin/env bash
# Mutates fixture files byte by byte and says what became of them:
#
#   scripts/fuzz-fixtures.sh [N] [--seed SEED]
#
# N is 100000 if it is left out, which takes about half an hour. Exit status: 0 none was taken for what it is not, 1 one was, 2 bad usage.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec scripts/parity.sh fuzz "$@"
