#!/bin/sh
# Makes a cluster of PostgreSQL 15 for the yardstick and loads the rows of `contactpoint generate --tables` into it.
#
#   benches/postgres/load.sh ROWS CLUSTER [start|stop]
#
# ROWS holds the files, CLUSTER is where the cluster is made. It listens on loopback, on PGPORT (5544), and runs as
# the user postgres where root asks. With `start` a cluster that was loaded is started again, with `stop` ended.
# SHARED and CACHE say how much memory it is given. One line of JSON for each thing measured, on stdout.
set -eu

rows=$1
cluster=$2
what=${3:-load}
here=$(cd "$(dirname "$0")" && pwd)
binaries=${PGBIN:-/usr/lib/postgresql/15/bin}
port=${PGPORT:-5544}
children=${N:?how many children}
export PGHOST=127.0.0.1 PGPORT="$port" PGUSER=postgres

# Runs a command as whoever may run PostgreSQL: root may not.
owner() {
    if [ "$(id -u)" = 0 ]; then
        su postgres -s /bin/sh -c "$*"
    else
        sh -c "$*"
    fi
}
sql() { psql -X -q -At -v ON_ERROR_STOP=1 -d contactpoint "$@"; }
now() { date +%s.%N; }
since() { echo "$(now) $1" | awk '{printf "%.2f", $1 - $2}'; }
told() { printf '{"side":"postgresql","children":%s,"measure":"%s","value":%s}\n' "$children" "$1" "$2"; }

stop() {
    if [ -f "$cluster/postmaster.pid" ]; then
        owner "$binaries/pg_ctl -D $cluster -w -m fast stop" >/dev/null
    fi
}
start() {
    owner "$binaries/pg_ctl -D $cluster -w -t 300 -l $cluster/log -o '$*' start" >/dev/null
}

case $what in
stop)
    stop
    exit
    ;;
start)
    begun=$(now)
    start
    sql -c 'select 1' >/dev/null
    told restart_seconds "$(since "$begun")"
    exit
    ;;
esac

mkdir -p "$cluster"
if [ "$(id -u)" = 0 ]; then chown postgres "$cluster"; fi
chmod 700 "$cluster"
owner "$binaries/initdb -D $cluster -U postgres -A trust --locale=C.UTF-8 -E UTF8" >/dev/null
{
    cat "$here/pg.conf"
    echo "port = $port"
    echo "shared_buffers = ${SHARED:-1GB}"
    echo "effective_cache_size = ${CACHE:-4GB}"
    echo "maintenance_work_mem = ${MAINTENANCE:-512MB}"
} >"$cluster/yardstick.conf"
chmod 644 "$cluster/yardstick.conf"
echo "include 'yardstick.conf'" >>"$cluster/postgresql.conf"

start -c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off -c checkpoint_timeout=1h -c max_wal_size=40GB
psql -X -q -d postgres -c 'create database contactpoint'
begun=$(now)
sql -f "$here/schema.sql"
# In the transaction that emptied it a table needs no log, and its rows are frozen.
copy() {
    sql -1 -c "truncate $1" -c "\\copy $1($2) from '$rows/$3' with (format csv, freeze)"
}
copy org id,kind,la,name,phone organisations.rows.csv
copy practitioner id,org_id,name,phone,email practitioners.rows.csv
copy child id,household,dob,la,sex,family,given,other,area,postcode,addr,carer,carer_phone,nhs children.rows.csv &
of_children=$!
copy involvement child_id,org_id,pract_id,kind,lead,consent,started,ended involvements.rows.csv
wait "$of_children"
told load_rows_seconds "$(since "$begun")"
grep -v '^--' "$here/indexes.sql" | while read -r statement; do sql -c "$statement" </dev/null; done
sql -c analyze
told load_seconds "$(since "$begun")"
told load_rows "$(sql -c 'select (select count(*) from child) + (select count(*) from involvement)')"
told disk_bytes_a_child "$(sql -c "select pg_database_size('contactpoint')::float / $children")"
# Earlier looks and changes, so that what is written falls between them and not behind.
sql -c "insert into audit(at,user_id,org_id,action,reason,child_id)
    select now() - make_interval(secs => one), (random() * 330000)::int, (random() * 60000)::int, 2, 3,
        1 + (random() * ($children - 1))::bigint from generate_series(1, least(2000000, 5 * $children)) one" \
    -c "insert into involvement_history(at,by_user,child_id,org_id,kind,pract_id,ver)
    select now() - make_interval(secs => one), 1, 1 + (random() * ($children - 1))::bigint, 1, 1, 1, 1
        from generate_series(1, least(1000000, 3 * $children)) one"
stop
start
sql -c 'vacuum (analyze) audit' -c 'vacuum (analyze) involvement_history' -c checkpoint
sql -c 'create extension if not exists pg_prewarm' \
    -c "select sum(pg_prewarm(oid)) from pg_class where relkind in ('r','i')
        and relname ~ '^(child|involvement|org|practitioner|audit)'" >/dev/null
