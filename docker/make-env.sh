#!/bin/sh
# Writes .env beside docker-compose.yml: random passwords and the hash of a first admin token, which is shown once.
set -eu

cd "$(dirname "$0")/.."
target=${1:-.env}
if [ -e "$target" ]; then
    echo "$target exists already: its passwords belong to the data in the volumes, so it stays" >&2
    exit 1
fi

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

token=$(random)
hash=$(printf '%s' "$token" | sha256sum | cut -d ' ' -f 1)
umask 077
{
    echo "POSTGRES_PASSWORD=$(random)"
    for service in DEPLOY BACKUP MONITOR NOTIFY; do
        echo "SLIPWAY_${service}_OWNER_PASSWORD=$(random)"
        echo "SLIPWAY_${service}_APP_PASSWORD=$(random)"
    done
    echo "SLIPWAY_ADMIN_TOKEN_SHA256=$hash"
} >"$target"
echo "wrote $target; the admin token, shown this once: $token"
