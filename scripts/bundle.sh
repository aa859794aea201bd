#!/usr/bin/env bash
# Packs the main job for a Linux machine without .NET, such as a GPU host that has PyTorch and a C++ compiler:
#
#   scripts/bundle.sh                                   here; writes artifacts/bundle.tar.gz
#   tar xzf bundle.tar.gz                               there
#   LIBTORCH_USE_PYTORCH=1 bundle/parity.sh --device all
#
# The shim is compiled there, against that machine's libtorch; the certificate is written to artifacts/parity.csv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en

mkdir -p artifacts
work=$(mktemp -d artifacts/bundle.XXXXXX)
trap 'rm -rf "$work"' EXIT
bundle=$work/bundle
dotnet publish Rnn.Parity -c Release -r linux-x64 --self-contained -v quiet -o "$bundle/app" \
    -p:TorchBackend=libtorch -p:TORCHSHARP_SHIM_SKIP=1 -p:InvariantGlobalization=true
cp -r TorchSharp.Libtorch/native "$bundle/native"
cat >"$bundle/parity.sh" <<'RUN'
#!/usr/bin/env bash
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
"$here/native/build.sh" "$here/app" >&2
exec "$here/app/Rnn.Parity" "$@"
RUN
chmod +x "$bundle/parity.sh"
tar czf "$work/bundle.tar.gz" -C "$work" bundle
mv -f "$work/bundle.tar.gz" artifacts/bundle.tar.gz
echo "artifacts/bundle.tar.gz"
