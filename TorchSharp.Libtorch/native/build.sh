#!/usr/bin/env bash
# Builds libtorchsharp_shim.so against an installed libtorch.
#
#   build.sh [OUTDIR]         default OUTDIR: ../obj/native
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

include=() lib='' abi=''

from_folder() {
    [[ -f $1/include/torch/csrc/autograd/autograd.h && -e $1/lib/libtorch_cpu.so ]] || return 1
    include=("$1/include" "$1/include/torch/csrc/api/include")
    lib=$1/lib
}

from_python() {
    local home
    home=$(python3 -c 'import torch, os; print(os.path.dirname(torch.__file__))' 2>/dev/null) || return 1
    if from_folder "$home"; then
        abi=$(python3 -c 'import torch; print(int(torch.compiled_with_cxx11_abi()))')
    else # a distribution's python3-torch keeps its headers with the system's
        from_system
    fi
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
        from_python || fail "LIBTORCH_USE_PYTORCH is 1, but python3 cannot import torch: pip install torch."
    else
        from_system || fail "no libtorch. Looked at \$LIBTORCH (not set), the torch of python3 (LIBTORCH_USE_PYTORCH" \
            "is not 1), /usr and /usr/local. Install it (Debian: apt install libtorch-dev libopenblas0-pthread), or" \
            "pip install torch and set LIBTORCH_USE_PYTORCH=1, or set LIBTORCH to a folder with include/ and lib/."
    fi
}

# Everything the library depends on, in one line each.
fingerprint() {
    echo "$(type -P "$cxx") $("$cxx" -dumpfullversion)"
    echo "${include[*]} $lib $abi"
    stat -L -c '%n %s %Y' "$lib"/libtorch*.so "$lib"/libc10*.so
    cksum "$here/build.sh" "$here/shim.h" "${sources[@]}"
}

link_flags() {
    local name
    echo "-L$lib -Wl,-rpath,$lib -Wl,--no-as-needed"
    for name in torch torch_cpu torch_cuda c10 c10_cuda; do # CUDA registers itself by being loaded
        [[ -e $lib/lib$name.so ]] && echo "-l$name"
    done
    return 0
}

compile() {
    local flags=(-std=c++17 -O2 -fPIC -fvisibility=hidden) pids=() pid source
    [[ -z $abi ]] || flags+=("-D_GLIBCXX_USE_CXX11_ABI=$abi")
    flags+=("${include[@]/#/-I}")
    work=$(mktemp -d "$out/build.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    for source in "${sources[@]}"; do
        "$cxx" "${flags[@]}" -c "$source" -o "$work/$(basename "$source").o" &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid" || fail "$cxx could not compile the shim; its messages are above."; done
    # shellcheck disable=SC2046 # words are wanted
    "$cxx" -shared "$work"/*.o -o "$work/library" $(link_flags) || fail "$cxx could not link the shim."
    mv -f "$work/library" "$library"
}

type -P "$cxx" >/dev/null || fail "no C++ compiler: $cxx is not on the path. Install one (Debian: apt install g++), or set CXX."
find_libtorch
now=$(fingerprint)
[[ -f $library && -f $stamp && $(<"$stamp") == "$now" ]] && exit 0
mkdir -p "$out"
echo "TorchSharp.Libtorch: compiling the shim against $lib (half a minute)"
compile
printf '%s\n' "$now" >"$stamp"
