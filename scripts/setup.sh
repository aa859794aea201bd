#!/usr/bin/env bash
# Finds out where TorchSharp comes from on this machine, installs what is missing, and keeps the choice in
# TorchBackend.props, which git ignores. A second run changes nothing. To choose again, delete that file.
#
# TorchBackend=cpu|cuda|libtorch in the environment is taken as it is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en

say() { echo "setup: $*" >&2; }
fail() { say "$*"; exit 2; }

has_libtorch() { TorchSharp.Libtorch/native/build.sh --find >/dev/null 2>&1; }

# An installation by hand brings its own BLAS; Debian's libtorch takes the fastest one that is installed.
needs_openblas() {
    [[ -z ${LIBTORCH:-} && ${LIBTORCH_USE_PYTORCH:-} != 1 && $(PATH=$PATH:/sbin ldconfig -p) != *libopenblas* ]]
}

missing_packages() {
    type -P "${CXX:-g++}" >/dev/null || echo g++
    has_libtorch || [[ -n ${LIBTORCH:-} || ${LIBTORCH_USE_PYTORCH:-} == 1 ]] || echo libtorch-dev
    ! needs_openblas || echo libopenblas0-pthread
}

install() {
    local root=()
    [[ $(id -u) == 0 ]] || root=(sudo -n)
    if ! type -P apt-get >/dev/null || ! "${root[@]}" true 2>/dev/null; then
        fail "TorchSharp's packages cannot be used here, and these packages are missing and may not be installed by me:" \
            "$*. On Debian: apt-get install $*. Elsewhere: pip install torch and set LIBTORCH_USE_PYTORCH=1."
    fi
    say "installing $*"
    "${root[@]}" apt-get update -qq >/dev/null
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
        fail "apt-get could not install $*."
}

# The packages' native library may want a newer C++ runtime than this machine's, or another processor.
missing_at_load() {
    local packages version torch
    packages=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
    version=$(sed -n 's|^ *"TorchSharp/\([^"]*\)": {|\1|p' "$1/project.assets.json" | head -n 1)
    torch=$(sed -n 's|^ *"\(libtorch-cpu-linux-x64\)/\([^"]*\)": {|\1/\2|p' "$1/project.assets.json" | head -n 1)
    LD_LIBRARY_PATH=$packages/$torch/runtimes/linux-x64/native \
        ldd "$packages/torchsharp/$version/runtimes/linux-x64/native/libLibTorchSharp.so" 2>&1 |
        grep -m 1 -oE '(version )?[^ ]+ (=> )?not found|not a dynamic executable|No such file or directory' || true
}

packages_work() {
    local scratch reason=
    scratch=$(mktemp -d)
    if ! dotnet restore Rnn.Scratch -v quiet -p:TorchBackend=cpu -p:MSBuildProjectExtensionsPath="$scratch/" >"$scratch/log" 2>&1; then
        reason="the feed does not have it"
    elif [[ $(uname -s) == Linux ]]; then
        reason=$(missing_at_load "$scratch")
        reason=${reason:+"it does not load here ($reason)"}
    fi
    rm -rf "$scratch"
    [[ -z $reason ]] || say "$reason"
    [[ -z $reason ]]
}

choose() {
    say "asking the NuGet feed for TorchSharp-cpu"
    backend=libtorch
    ! packages_work || backend=cpu
    local new
    new=$(mktemp TorchBackend.XXXXXX)
    cat >"$new" <<PROPS
<Project>
  <PropertyGroup>
    <TorchBackend Condition="'\$(TorchBackend)' == ''">$backend</TorchBackend>
  </PropertyGroup>
</Project>
PROPS
    mv -f "$new" TorchBackend.props
    say "TorchBackend is $backend"
}

type -P dotnet >/dev/null || fail "no dotnet on the path: install the .NET 10 SDK (https://dot.net)."

backend=${TorchBackend:-}
if [[ -z $backend ]]; then
    [[ -f TorchBackend.props ]] || choose
    backend=$(sed -n "s/.*'' *\">\(.*\)<\/TorchBackend>.*/\1/p" TorchBackend.props)
fi
[[ $backend == libtorch ]] || exit 0

packages=$(missing_packages)
# shellcheck disable=SC2086 # one word a package
[[ -z $packages ]] || install $packages
TorchSharp.Libtorch/native/build.sh >&2
