#!/usr/bin/env bash
# Builds libtorchsharp_shim.so against an installed libtorch.
#
#   build.sh [OUTDIR]         default OUTDIR: ../obj/native
#   build.sh --find           prints where libtorch is, and builds nothing
#
# libtorch is looked for in $LIBTORCH (a folder with include/ and lib/), then, with LIBTORCH_USE_PYTORCH=1, inside the
# torch of python3, then where the system keeps it. $CXX is the compiler, g++ by default.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:-$here/../obj/native}
cxx=${CXX:-g++}
library=$out/libtorchsharp_shim.so
stamp=$library.stamp
sources=("$here/shim.cpp" "$here/modules.cpp")

fail() { echo "TorchSharp.Libtorch: $*" >&2; exit 2; }

include=() lib='' python=''

from_folder() {
    local home
    home=$(cd "$1" 2>/dev/null && pwd) || return 1
    [[ -f $home/include/torch/csrc/autograd/autograd.h && -e $home/lib/libtorch_cpu.so ]] || return 1
    include=("$home/include" "$home/include/torch/csrc/api/include")
    lib=$home/lib
}

from_python() {
    local home
    home=$(python3 -c 'from importlib.util import find_spec; print(*find_spec("torch").submodule_search_locations)' \
        2>/dev/null) || return 1
    python=1
    from_folder "$home" || from_system # a distribution's python3-torch keeps its headers with the system's
}

from_system() {
    local prefix candidate
    for prefix in /usr /usr/local; do
        [[ -f $prefix/include/torch/csrc/autograd/autograd.h ]] || continue
        for candidate in "$prefix/lib/$("$cxx" -print-multiarch 2>/dev/null)" "$prefix/lib64" "$prefix/lib"; do
            [[ -e $candidate/libtorch_cpu.so ]] || continue
            include=("$prefix/include" "$prefix/include/torch/csrc/api/include")
            lib=$candidate
            return
        done
    done
    return 1
}

find_libtorch() {
    if [[ -n ${LIBTORCH:-} ]]; then
        from_folder "$LIBTORCH" || fail "LIBTORCH is $LIBTORCH, which has no include/torch and lib/libtorch_cpu.so."
    elif [[ ${LIBTORCH_USE_PYTORCH:-} == 1 ]]; then
        from_python || fail "LIBTORCH_USE_PYTORCH is 1, but python3 has no torch with its headers: pip install torch."
    else
        from_system || fail "no libtorch. Looked at \$LIBTORCH (not set), the torch of python3 (LIBTORCH_USE_PYTORCH" \
            "is not 1), /usr and /usr/local. Install it (Debian: apt install libtorch-dev libopenblas0-pthread), or" \
            "pip install torch and set LIBTORCH_USE_PYTORCH=1, or set LIBTORCH to a folder with include/ and lib/."
    fi
}

# Everything the library depends on, in one line each.
fingerprint() {
    echo "$(type -P "$cxx") $("$cxx" -dumpfullversion)"
    echo "${include[*]} $lib $python"
    stat -L -c '%n %s %Y' "$lib"/libtorch*.so "$lib"/libc10*.so
    cksum "$here/build.sh" "$here/shim.h" "${sources[@]}"
}

# Which std::string libtorch was compiled with, 0 or 1; nothing where it does not say.
string_abi() {
    if [[ -n $python ]]; then
        python3 -c 'import torch; print(int(torch.compiled_with_cxx11_abi()))'
    elif [[ -f $lib/../share/cmake/Torch/TorchConfig.cmake ]]; then
        grep -m 1 -o '_GLIBCXX_USE_CXX11_ABI=[01]' "$lib/../share/cmake/Torch/TorchConfig.cmake" | grep -o '[01]$' || true
    fi
}

compile() {
    local flags=(-std=c++17 -O2 -fPIC -fvisibility=hidden) folder
    # System headers, whose warnings are not ours; /usr/include is one already, and may not be named again.
    for folder in "${include[@]}"; do [[ $folder == /usr/include ]] || flags+=(-isystem "$folder"); done
    local link=("-L$lib" "-Wl,-rpath,$lib" -Wl,-z,defs -Wl,--no-as-needed) # CUDA registers itself by being loaded
    local name source abi pid pids=()
    for name in torch torch_cpu torch_cuda c10 c10_cuda; do
        [[ ! -e $lib/lib$name.so ]] || link+=("-l$name")
    done
    abi=$(string_abi)
    [[ -z $abi ]] || flags+=("-D_GLIBCXX_USE_CXX11_ABI=$abi")
    for source in "${sources[@]}"; do
        "$cxx" "${flags[@]}" -c "$source" -o "$work/$(basename "$source").o" &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid" || fail "$cxx could not compile the shim; its messages are above."; done
    "$cxx" -shared "$work"/*.o -o "$work/library" "${link[@]}" || fail "$cxx could not link the shim."
    mv -f "$work/library" "$library"
}

type -P "$cxx" >/dev/null || fail "no C++ compiler: $cxx is not on the path. Install one (Debian: apt install g++), or set CXX."
find_libtorch
[[ ${1:-} != --find ]] || { echo "$lib"; exit 0; }
now=$(fingerprint)
[[ -f $library && -f $stamp && $(<"$stamp") == "$now" ]] && exit 0
mkdir -p "$out"
work=$(mktemp -d "$out/build.XXXXXX")
trap 'rm -rf "$work"' EXIT
echo "TorchSharp.Libtorch: compiling the shim against $lib (half a minute)"
compile
printf '%s\n' "$now" >"$stamp"
