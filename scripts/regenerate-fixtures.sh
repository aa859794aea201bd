#!/usr/bin/env bash
# Makes the fixtures again and compares them, byte for byte, with those that there are:
#
#   scripts/regenerate-fixtures.sh [--accept] [cases|pytorch|pytorch-cuda|onnxruntime|tfjs ...]
#
# Without a name all are made, pytorch-cuda only where torch finds a GPU. What a witness needs is installed. Nothing is
# replaced unless --accept is given; then all of it at once. The witnesses are given the cases that there are, unless
# those that were drawn anew are accepted.
#
# Exit status: 0 the same bytes, or accepted; 1 something differs; 2 bad usage, or something could not be run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en

say() { echo "regenerate-fixtures: $*" >&2; }
fail() { say "$*"; exit 2; }

all=(cases pytorch pytorch-cuda onnxruntime tfjs)
accept='' chosen=()
for argument in "$@"; do
    case $argument in
        --accept) accept=1 ;;
        cases | pytorch | pytorch-cuda | onnxruntime | tfjs) chosen+=("$argument") ;;
        -h | --help) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) fail "'$argument' is unknown, --accept or some of ${all[*]} is expected" ;;
    esac
done
asked=${#chosen[@]}
((asked)) || chosen=("${all[@]}")
wants() { [[ " ${chosen[*]} " == *" $1 "* ]]; }

mkdir -p artifacts
exec 9>artifacts/fixtures.lock
flock -n 9 || fail "another one is running; wait for it"
made=artifacts/fixtures.made
rm -rf "$made"
trap 'rm -rf "$made"' EXIT

install() {
    local root=()
    [[ $(id -u) == 0 ]] || root=(sudo -n)
    say "installing $*"
    "${root[@]}" apt-get update -qq >/dev/null &&
        "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
        fail "apt-get could not install $*"
}

find_torch() {
    for python in "${PYTHON:-python3}" /usr/bin/python3; do
        ! "$python" -c 'import torch' 2>/dev/null || return 0
    done
    return 1
}

needs_torch() {
    find_torch || { install python3-torch libopenblas0-pthread; find_torch || fail "no python3 has torch"; }
}

needs_node() {
    type -P node >/dev/null || install nodejs
    type -P npm >/dev/null || install npm
    local modules=scripts/witnesses/node_modules
    [[ $modules/.package-lock.json -nt scripts/witnesses/package-lock.json ]] && return
    say "installing the packages of scripts/witnesses"
    npm ci --prefix scripts/witnesses --ignore-scripts --no-audit --no-fund --loglevel=error >&2 || fail "npm ci failed"
}

program=(dotnet run --no-build -c Release scripts/fixtures.cs --)
# The build leaves servers behind, which would keep the lock.
log=$(dotnet build scripts/fixtures.cs -c Release -v quiet 2>&1 9>&-) || { echo "$log" >&2; exit 2; }
cp -a fixtures "$made"

# Compares what was made with what there is, and writes its manifest: 0 the same, 1 not.
compare() {
    local status=0
    "${program[@]}" compare fixtures "$made" || status=$?
    ((status < 2)) || fail "the fixtures could not be compared"
    return $status
}

status=0
if wants cases; then
    rm -rf "$made/cases"
    "${program[@]}" draw "$made" || fail "the cases could not be drawn"
    compare || status=1
    if ((status)) && [[ -z $accept ]]; then
        rm -rf "$made/cases"
        cp -a fixtures/cases "$made/cases"
    fi
fi
if wants pytorch; then
    needs_torch
    rm -rf "$made/testimonies/pytorch"
    "$python" scripts/witnesses/pytorch.py "$made" || fail "pytorch.py failed"
fi
if wants pytorch-cuda; then
    needs_torch
    if "$python" -c 'import sys, torch; sys.exit(not torch.cuda.is_available())'; then
        rm -rf "$made"/testimonies/pytorch-cuda-*
        "$python" scripts/witnesses/pytorch.py "$made" --device cuda || fail "pytorch.py failed"
    elif ((asked)); then
        fail "torch finds no CUDA device on this machine"
    else
        say "left out: pytorch-cuda, since torch finds no CUDA device on this machine"
    fi
fi
if wants onnxruntime; then
    rm -rf "$made/testimonies/onnxruntime"
    "${program[@]}" testify "$made" || fail "ONNX Runtime could not testify"
fi
if wants tfjs; then
    needs_node
    rm -rf "$made/testimonies/tfjs"
    node scripts/witnesses/tfjs.mjs "$made" || fail "tfjs.mjs failed"
fi

compare || status=1
if ((status == 0)); then
    echo "fixtures: the same bytes"
elif [[ -z $accept ]]; then
    echo "fixtures: not the same bytes; nothing is replaced without --accept"
else
    # Both names change at one instant: renameat2 with RENAME_EXCHANGE.
    python3 -c '
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
if libc.renameat2(-100, sys.argv[1].encode(), -100, sys.argv[2].encode(), 2):
    sys.exit(os.strerror(ctypes.get_errno()))' fixtures "$made" || fail "fixtures/ could not be replaced, it is as it was"
    echo "fixtures: replaced"
    status=0
fi
exit $status
