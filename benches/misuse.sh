#!/bin/sh
# Invents months of 330,000 users with planted snoopers and has the engine of crates/misuse judge them; fails where
# one is below the bars: 94 of 100 looks explained, 80 of 100 planted snoopers in the first thousandth of the queue.
#
#   benches/misuse.sh
#
# SEEDS=201,202,203  seeds that no weight was looked at with
# CHILDREN=12000000  the whole of England; a smaller country gives a smaller queue, and other figures
# USERS=330000       who may look
# RESULTS=…          the lines of results [benches/results/misuse.jsonl]
#
# It needs about 0.7 GB, and a minute or two a seed on two cores.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
results=${RESULTS:-$here/results/misuse.jsonl}
cd "$here/.."
cargo build --release --quiet -p benches --bin misuse
status=0
target/release/misuse --seeds "${SEEDS:-201,202,203}" --children "${CHILDREN:-12000000}" --users "${USERS:-330000}" \
    > "$results" || status=$?
cat "$results"
exit "$status"
