#!/bin/sh
# Builds the fuzz targets with libFuzzer on the stable toolchain, replays the saved corpus, and with a number of
# seconds looks for new inputs for that long:   fuzz/run.sh [SECONDS [TARGET...]]
# New inputs go to fuzz/found/TARGET, failures to fuzz/artifacts/TARGET.
set -eu
cd "$(dirname "$0")"
seconds=${1:-0}
[ $# -gt 0 ] && shift
targets=${*:-$(ls fuzz_targets | sed 's/\.rs$//')}
host=$(rustc -vV | sed -n 's/^host: //p')
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}"
export RUSTC_BOOTSTRAP=1
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Zsanitizer=address -Ccodegen-units=1"
cargo build --quiet --locked --release --target "$host"
for target in $targets; do
    program="$CARGO_TARGET_DIR/$host/release/$target"
    mkdir -p "corpus/$target" "artifacts/$target" "found/$target"
    echo "replay $target: $(ls "corpus/$target" | wc -l) inputs"
    "$program" -runs=0 "corpus/$target" >"artifacts/$target.log" 2>&1 || { cat "artifacts/$target.log"; exit 1; }
    if [ "$seconds" -gt 0 ]; then
        "$program" -max_total_time="$seconds" -max_len=2000 -timeout=5 -artifact_prefix="artifacts/$target/" "found/$target" "corpus/$target"
    fi
done
