#!/usr/bin/env bash
# Makes docs/report.png, the picture in README.md: the report on a recorded run whose W_hh is transposed. Chromium takes it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
chromium=${CHROME_PATH:-chromium}
run=artifacts/transposed
mkdir -p "$run"
sed "s/^engine,.*/engine,port.py/; s/^engine_version,.*/engine_version,1.0/" fixtures/cases/004-unbatched/case.csv >"$run/case.csv"
{
    awk -F, -v OFS=, '$1 == "weight_hh_l0" { j = $2; $2 = $3; $3 = j } 1' fixtures/cases/004-unbatched/tensors.csv
    tail -n +2 fixtures/testimonies/pytorch/004-unbatched.csv
} >"$run/tensors.csv"
status=0
dotnet run -c Release --project Rnn.Parity.Cli -- verify "$run" --certificate "$run.csv" --report "$run.html" || status=$?
[ "$status" = 1 ] # it differs, and is to
"$chromium" --headless $([ "$(id -u)" != 0 ] || echo --no-sandbox) --hide-scrollbars --window-size=1000,950 \
    --screenshot="$PWD/docs/report.png" "file://$PWD/$run.html"
