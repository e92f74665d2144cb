#!/bin/sh
# Run once after the broker is up: the topics of the suite, the same that the launcher makes. Repeatable.
set -eu

create() {
    topic=$1
    partitions=$2
    shift 2
    "${KAFKA_BIN:-/opt/kafka/bin}/kafka-topics.sh" --bootstrap-server "$KAFKA_BOOTSTRAP_SERVERS" --create --if-not-exists \
        --topic "$topic" --partitions "$partitions" --replication-factor 1 "$@"
}

# 14 days; the inboxes of the services remember ids for longer.
for topic in slipway.releases slipway.backups slipway.watch slipway.notices; do
    create "$topic" 6 --config cleanup.policy=delete --config retention.ms=1209600000
done
create slipway.access 1 --config cleanup.policy=compact
