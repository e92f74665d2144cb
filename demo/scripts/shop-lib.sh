# shellcheck shell=bash
# What the shop's scripts share. Everything comes from the environment:
#   SHOP_HOME         java (the program), shop.args (its flags and class path), artifacts/, run/, logs/
#   SHOP_ENVIRONMENT  staging or production
#   SHOP_URL, or SHOP_BLUE_URL and SHOP_GREEN_URL: where the instances listen
#   SLIPWAY_TARGET    default, blue or green: which instance this is about

instance="$SHOP_ENVIRONMENT-${SLIPWAY_TARGET:-default}"
pidfile="$SHOP_HOME/run/$instance.pid"

# Prints host:port of the instance.
address() {
  local url
  case "${SLIPWAY_TARGET:-default}" in
    blue) url=$SHOP_BLUE_URL ;;
    green) url=$SHOP_GREEN_URL ;;
    default) url=$SHOP_URL ;;
    *) echo "unknown target: $SLIPWAY_TARGET" >&2; return 2 ;;
  esac
  url=${url#http://}
  echo "${url%%/*}"
}

# Prints what GET /healthz answers; fails when there is no answer within 2 s.
healthz() {
  local at
  at=$(address)
  # shellcheck disable=SC2016 # expanded by the inner shell
  timeout 2 bash -c 'exec 3<>"/dev/tcp/$1/$2" && printf "GET /healthz HTTP/1.0\r\n\r\n" >&3 && cat <&3' \
    healthz "${at%:*}" "${at##*:}" 2>/dev/null
}

# Prints the version that answers; nothing when none does, or it is not well.
healthy_version() {
  { healthz || true; } | sed -n 's/.*"status":"ok".*/&/; s/.*"version":"\([^"]*\)".*/\1/p'
}

# Prints the process id of the instance when it lives and is a shop (a number alone may belong to somebody else by now).
running_pid() {
  local pid
  [[ -s $pidfile ]] || return 0
  pid=$(<"$pidfile")
  if ps -o args= -p "$pid" 2>/dev/null | grep -q 'dev\.slipway\.demo\.shop\.Shop'; then
    echo "$pid"
  fi
}

# Runs one of the shop's mains.
shop_java() {
  "$SHOP_HOME/java" "@$SHOP_HOME/shop.args" "dev.slipway.demo.shop.$1"
}
