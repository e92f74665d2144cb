#!/usr/bin/env bash
# Makes SLIPWAY_VERSION the version of the shop that runs on SLIPWAY_TARGET, and waits until it is well. Done already: nothing to do.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=shop-lib.sh
source "${BASH_SOURCE[0]%/*}/shop-lib.sh"

logfile=$SHOP_HOME/logs/shop-$instance.log
mkdir -p "$SHOP_HOME/run" "$SHOP_HOME/logs"
# One deployment of an instance at a time, also when an earlier one was given up by whoever started it.
exec 9>"$SHOP_HOME/run/$instance.lock"
flock --timeout 30 9 || { echo "another deployment of $instance does not end" >&2; exit 1; }

stop() {
  local pid
  pid=$(running_pid)
  [[ -n $pid ]] || return 0
  echo "stopping $instance (process $pid)"
  kill -TERM "$pid" 2>/dev/null || true
  for ((i = 0; i < 50; i++)); do
    [[ -n $(running_pid) ]] || return 0
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
}

# The instance outlives this script: own session, no inherited streams. It writes down its own process id before it is a shop.
start() {
  local at
  at=$(address)
  # shellcheck disable=SC2016 # expanded by the inner shell
  SHOP_PORT=${at##*:} setsid nohup bash -c 'echo $$ >"$1"; exec "${@:2}"' start "$pidfile" \
    "$SHOP_HOME/java" "@$SHOP_HOME/shop.args" dev.slipway.demo.shop.Shop \
    </dev/null >"$logfile" 2>&1 9>&- &
}

fail() {
  echo "$instance: $1; the last lines of its log:" >&2
  tail -n 15 "$logfile" >&2
  stop
  exit 1
}

if [[ -n $(running_pid) && $(healthy_version) == "$SLIPWAY_VERSION" ]]; then
  echo "$instance already runs $SLIPWAY_VERSION"
  exit 0
fi

stop
rm -f "$pidfile"
echo "starting $instance with $SLIPWAY_VERSION"
start
for ((i = 0; i < 150; i++)); do
  if [[ $(healthy_version) == "$SLIPWAY_VERSION" ]]; then
    echo "$instance runs $SLIPWAY_VERSION"
    exit 0
  fi
  [[ ! -s $pidfile ]] || kill -0 "$(<"$pidfile")" 2>/dev/null || fail "it ended at once"
  sleep 0.2
done
fail "it is not well after 30 s"
