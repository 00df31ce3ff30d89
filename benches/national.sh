#!/bin/sh
# Measures one directory of invented England and PostgreSQL beside it: the same children, the same questions, one
# database at a time, everything on loopback.
#
#   benches/national.sh [load] [work] [postgres] [table]
#
# Without arguments it does all four. With DIR and KEEP=1 they may be done one by one, for a night's run that stopped
# half way. It needs jq, curl, PostgreSQL 15 for the yardstick, and two release builds:
#
#   cargo build --release -p contactpoint
#   cargo build --release --manifest-path benches/postgres/Cargo.toml
#
# N=200000       children; 12000000 is the whole of England
# SECS=8         seconds a figure; what is published was measured for 60
# CONNS="32 256" connections that ask at once; the better number counts
# STREAMS="1 8"  connections that stream events
# DIR=…          where everything lies [a new folder here]; it is removed at the end unless KEEP=1
# RESULTS=…      the lines of results [benches/results/national-N.jsonl]; elsewhere, the table is of these alone and
#                docs/performance.md stays as it is
# CONTACTPOINT, YARDSTICK  the two binaries
#
# It ends only what it started, by process id. The page cache is dropped where the machine lets it.
set -eu

N=${N:-200000}
SECS=${SECS:-8}
CONNS=${CONNS:-32 256}
STREAMS=${STREAMS:-1 8}
SEED=${SEED:-1}
PORT=${PORT:-18080}
here=$(cd "$(dirname "$0")" && pwd)
contactpoint=${CONTACTPOINT:-$here/../target/release/contactpoint}
yardstick=${YARDSTICK:-$here/postgres/target/release/postgres-yardstick}
results=${RESULTS:-$here/results/national-$N.jsonl}
today=$(date -u +%F)
dir=${DIR:-$(mktemp -d "$PWD/national.XXXXXX")}
mkdir -p "$dir" "$(dirname "$results")"
# PostgreSQL runs as another user where root asks, and must reach its own folder.
chmod 755 "$dir"
export N PGPORT="${PGPORT:-5544}"
server=
web=

finish() {
    for process in $server $web; do
        kill "$process" 2>/dev/null && wait "$process" 2>/dev/null || true
    done
    if [ -f "$dir/postgres/postmaster.pid" ]; then
        "$here/postgres/load.sh" "$dir/rows" "$dir/postgres" stop || true
    fi
    if [ "${KEEP:-0}" != 1 ]; then rm -rf "$dir"; fi
}
trap finish EXIT
trap 'exit 130' INT TERM

say() { printf '%s  %s\n' "$(date -u +%T)" "$*" >&2; }
now() { date +%s.%N; }
since() { echo "$(now) $1" | awk '{printf "%.2f", $1 - $2}'; }
# Notes one number: told MEASURE VALUE
told() {
    printf '{"side":"contactpoint","children":%s,"measure":"%s","value":%s}\n' "$N" "$1" "$2" |
        tee -a "$results"
}
commas() { echo "$*" | tr ' ' ','; }
bytes() { du -sb "$@" 2>/dev/null | awk '{sum += $1} END {print sum + 0}'; }

drop_cache() {
    sync
    if [ -w /proc/sys/vm/drop_caches ] && echo 3 >/proc/sys/vm/drop_caches 2>/dev/null; then
        say 'the page cache was dropped'
    else
        say 'the page cache could not be dropped: a restart told as cold is a warm one'
    fi
}

# Starts the server and waits until it is ready; answers the seconds in $ready: serve
serve() {
    begun=$(now)
    CONTACTPOINT_REQUESTS_PER_SECOND=100000000 CONTACTPOINT_REQUESTS_BURST=100000000 \
        "$contactpoint" serve --data "$dir/data" --listen "127.0.0.1:$PORT" >>"$dir/serve.log" 2>&1 &
    server=$!
    until curl -fsS -o "$dir/ready.json" "http://127.0.0.1:$PORT/readyz" 2>/dev/null; do
        kill -0 "$server" 2>/dev/null || { say 'the server did not start'; tail -n 5 "$dir/serve.log" >&2; exit 1; }
        sleep 0.02
    done
    ready=$(since "$begun")
}

# Ends the server: stopped SIGNAL
stopped() {
    kill -s "$1" "$server"
    wait "$server" 2>/dev/null || true
    server=
}

machine() {
    model=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
    memory=$(awk '/^MemTotal/ {printf "%.0f", $2 / 1048576}' /proc/meminfo)
    printf '{"children":%s,"machine":"%s, %s cores, %s GB, Linux %s, %s, %s s a figure; client and server on the same machine."}\n' \
        "$N" "${model:-unknown processor}" "$(nproc)" "$memory" "$(uname -r)" "$today" "$SECS" >>"$results"
}

load() {
    say "ours: $N children"
    "$contactpoint" --json import organisations "$dir/rows/organisations.csv" --data "$dir/data" >/dev/null
    "$contactpoint" --json bench prepare --data "$dir/data" --children "$N" --seed "$SEED" --as-at "$today" \
        --out "$dir/credentials.json" >"$dir/prepared.json"
    client=$(jq -r .client_id "$dir/prepared.json")
    begun=$(now)
    # A few events of the invented feed are refused; which ones is told in the report.
    "$contactpoint" generate --children "$N" --seed "$SEED" --as-at "$today" --out - 2>/dev/null |
        "$contactpoint" --json import events - --first-load --client "$client" --data "$dir/data" \
            >"$dir/import.json" 2>"$dir/import.log" || [ "$?" = 1 ]
    seconds=$(since "$begun")
    say "$(cat "$dir/import.json")"
    events=$(jq .events "$dir/import.json")
    told import_seconds "$seconds"
    told load_events "$events"
    told load_queued "$(jq .queued "$dir/import.json")"
    told load_refused "$(jq .refused "$dir/import.json")"
    serve
    told first_start_seconds "$ready"
    # What was imported counts as loaded once it is served: the first start folds it into rows.
    seconds=$(echo "$seconds $ready" | awk '{print $1 + $2}')
    told load_seconds "$seconds"
    told load_events_a_second "$(echo "$events $seconds" | awk '{printf "%.0f", $1 / $2}')"
    told load_children_a_second "$(echo "$N $seconds" | awk '{printf "%.0f", $1 / $2}')"
    # An orderly stop keeps the index, which is part of what stands on the disk.
    stopped TERM
    disk
    # A first load compares nobody; this does, and its time is told apart.
    "$contactpoint" --json compare --data "$dir/data" >"$dir/compare.json"
    say "$(cat "$dir/compare.json")"
    told compare_seconds "$(jq .seconds "$dir/compare.json")"
    told compare_alike "$(jq .alike "$dir/compare.json")"
    told compare_peak_memory_bytes "$(jq .peak_memory_bytes "$dir/compare.json")"
}

work() {
    serve
    "$contactpoint" --json bench run --address "127.0.0.1:$PORT" --credentials "$dir/credentials.json" \
        --workloads constant,search,search-exact,view,event --connections "$(commas "$CONNS")" \
        --seconds "$SECS" --server "$server" | tee -a "$results"
    "$contactpoint" --json bench run --address "127.0.0.1:$PORT" --credentials "$dir/credentials.json" \
        --workloads stream --connections "$(commas "$STREAMS")" --seconds "$SECS" --server "$server" |
        tee -a "$results"
    stopped KILL
    serve
    told restart_killed_seconds "$ready"
    stopped TERM
    drop_cache
    serve
    told restart_cold_seconds "$ready"
    stopped TERM
    told disk_after_bytes "$(bytes "$dir/data" "$dir/data-keys")"
    "$contactpoint" --json rebuild --data "$dir/data" >"$dir/rebuild.json"
    say "$(cat "$dir/rebuild.json")"
    told rebuild_seconds "$(jq .seconds "$dir/rebuild.json")"
    told rebuild_events_a_second "$(jq .events_a_second "$dir/rebuild.json")"
}

# What a child takes on the disk, by folder.
disk() {
    whole=$(bytes "$dir/data" "$dir/data-keys")
    told disk_bytes_a_child "$(echo "$whole $N" | awk '{printf "%.0f", $1 / $2}')"
    told disk_keys_bytes_a_child "$(echo "$(bytes "$dir/data-keys") $N" | awk '{printf "%.0f", $1 / $2}')"
    for folder in "$dir"/data/*/; do
        name=$(basename "$folder" | tr -c 'a-z0-9\n' _)
        told "disk_${name}_bytes_a_child" "$(echo "$(bytes "$folder") $N" | awk '{printf "%.0f", $1 / $2}')"
    done
}

postgres() {
    say "PostgreSQL: $N children"
    database="host=127.0.0.1 port=$PGPORT user=postgres dbname=contactpoint"
    "$here/postgres/load.sh" "$dir/rows" "$dir/postgres" | tee "$dir/load.jsonl" | tee -a "$results"
    seconds=$(jq -s 'map(select(.measure == "load_seconds")) | last | .value' "$dir/load.jsonl")
    printf '{"side":"postgresql","children":%s,"measure":"load_children_a_second","value":%s}\n' "$N" \
        "$(echo "$N $seconds" | awk '{printf "%.0f", $1 / $2}')" | tee -a "$results"
    postmaster=$(head -n 1 "$dir/postgres/postmaster.pid")
    first=0
    for workload in search search-phonetic search-exact view event stream web-search web-view; do
        case $workload in
        web-*)
            # Sounds alike, as the quickest search that a supplier would serve.
            if [ -z "$web" ]; then
                "$yardstick" serve --database "$database" --port 18701 --search phonetic 2>>"$dir/web.log" &
                web=$!
                sleep 2
            fi
            ;;
        esac
        for connections in $([ "$workload" = stream ] && echo "$STREAMS" || echo "$CONNS" | tr ' ' '\n' |
            awk '{print ($1 > 64 ? 64 : $1)}' | sort -nu); do
            "$yardstick" measure --workload "$workload" --database "$database" --rows "$dir/rows" \
                --children "$N" --connections "$connections" --seconds "$SECS" --postmaster "$postmaster" \
                --first "$first" ${web:+--server "$web" --port 18701} | tee -a "$results"
            first=$((first + 10000))
        done
    done
    kill "$web"
    wait "$web" 2>/dev/null || true
    web=
    "$here/postgres/load.sh" "$dir/rows" "$dir/postgres" stop
    drop_cache
    "$here/postgres/load.sh" "$dir/rows" "$dir/postgres" start |
        sed 's/restart_seconds/restart_cold_seconds/' | tee -a "$results"
    "$here/postgres/load.sh" "$dir/rows" "$dir/postgres" stop
}

table() {
    case $results in
    "$here"/results/*)
        "$contactpoint" bench table "$here"/results/*.jsonl --into "$here/../docs/performance.md" \
            --plots "$here/../docs/plots"
        ;;
    # What was measured for another place is not told by what is kept here.
    *) "$contactpoint" bench table "$results" ;;
    esac
}

[ $# -gt 0 ] || set -- load work postgres table
case "$*" in
*load*) : >"$results" && machine ;;
esac
case "$*" in
*load* | *postgres*)
    if [ ! -d "$dir/rows" ]; then
        "$contactpoint" generate --children "$N" --seed "$SEED" --as-at "$today" --tables --out "$dir/rows" >&2
    fi
    ;;
esac
for step in "$@"; do
    case $step in
    load) load ;;
    work)
        work
        # One database at a time, on the disk too.
        if [ "${KEEP:-0}" != 1 ]; then rm -rf "$dir/data" "$dir/data-keys"; fi
        ;;
    postgres) postgres ;;
    table) table ;;
    *) say "no step $step" && exit 2 ;;
    esac
done
