#!/bin/bash
# Runs a command with a PostgreSQL and a Redis of its own, in a private folder, gone afterwards:
#   tools/with-postgresql.sh COMMAND ...
#   tools/with-postgresql.sh --if-found COMMAND ...    says so and does nothing where none is installed
#   tools/with-postgresql.sh --or-without COMMAND ...  runs it with the embedded defaults where none is installed
# DATABASE_URL_TEST_PG (and REDIS_URL_TEST) name ready servers instead.
set -euo pipefail
cd "$(dirname "$0")/.."
if_found=
without=
[ "${1:-}" = --if-found ] && { if_found=1; shift; }
[ "${1:-}" = --or-without ] && { without=1; shift; }

if [ -n "${DATABASE_URL_TEST_PG:-}" ]; then
    DATABASE_URL=$DATABASE_URL_TEST_PG REDIS_URL=${REDIS_URL_TEST:-} exec "$@"
fi

bin=$(find /usr/lib/postgresql/*/bin -name initdb -printf '%h\n' 2>/dev/null | sort -V | tail -1 || true)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || echo /none/initdb)")
if [ ! -x "$bin/initdb" ] || ! command -v redis-server >/dev/null; then
    [ -z "$without" ] || exec "$@"
    echo "Không thấy PostgreSQL và Redis trên máy này (sudo apt-get install postgresql redis-server): bỏ qua phần này."
    [ -n "$if_found" ] && exit 0 || exit 1
fi

work=$(mktemp -d)
redis_id=
as_owner() { "$@"; }
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as the superuser
    owner=$(id -un postgres 2>/dev/null || echo nobody)
    as_owner() { runuser -u "$owner" -- "$@"; }
    chown "$owner" "$work"
fi
stop() {
    [ -z "$redis_id" ] || kill "$redis_id" 2>/dev/null || true
    as_owner "$bin/pg_ctl" -D "$work/data" -m immediate -w stop >/dev/null 2>&1 || true
    [ -z "$redis_id" ] || wait "$redis_id" 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Below 32768 the system does not hand ports out by itself, so a free one stays free.
free_port() {
    python3 - <<'PY'
import random, socket
while True:
    port = random.randrange(20000, 32000)
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
    print(port)
    break
PY
}
secret=$(head -c 18 /dev/urandom | od -An -tx1 | tr -d ' \n')
as_owner sh -c 'umask 077; printf %s "$1" >"$2"' sh "$secret" "$work/password"
as_owner "$bin/initdb" -D "$work/data" -U thidua -A scram-sha-256 --pwfile "$work/password" \
    -E UTF8 --locale C.UTF-8 --no-sync >"$work.log" 2>&1 || { cat "$work.log"; rm -f "$work.log"; exit 1; }
rm -f "$work.log"
port=$(free_port)
# Nothing in here outlives the run, so nothing has to reach the disk.
as_owner "$bin/pg_ctl" -D "$work/data" -w -t 60 -l "$work/postgresql.log" -o \
    "-p $port -k $work -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off" \
    start >/dev/null || { cat "$work/postgresql.log"; exit 1; }
PGPASSWORD=$secret "$bin/psql" -q -h 127.0.0.1 -p "$port" -U thidua -d postgres -c 'CREATE DATABASE thidua'

redis_port=$(free_port)
mkdir -m 700 "$work/redis"
redis-server --port "$redis_port" --bind 127.0.0.1 --requirepass "$secret" --dir "$work/redis" \
    --save "" --appendonly no --maxmemory-policy noeviction --logfile "$work/redis/log" &
redis_id=$!
for _ in $(seq 100); do
    redis-cli -p "$redis_port" -a "$secret" --no-auth-warning ping 2>/dev/null | grep -q PONG && break
    kill -0 "$redis_id" 2>/dev/null || { cat "$work/redis/log"; exit 1; }
    sleep 0.1
done

echo "PostgreSQL $("$bin/postgres" --version | awk '{print $3}') và $(redis-server --version | awk '{print $1, $3}')"
export DATABASE_URL="postgresql://thidua:$secret@127.0.0.1:$port/thidua"
export REDIS_URL="redis://default:$secret@127.0.0.1:$redis_port/0"
"$@"
