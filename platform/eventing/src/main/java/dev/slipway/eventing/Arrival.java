package dev.slipway.eventing;

import dev.slipway.events.Event;

/// What a record of a topic is to this service, before anything of it is stored.
sealed interface Arrival {
    /// An event the service acts on.
    ///
    /// @param unknownFields fields of its data that this program does not know, and ignores
    record Ours(Event<?> event, String type, int unknownFields) implements Arrival {}

    /// Nothing the service acts on.
    record Passing(Why why) implements Arrival {}

    /// No event anybody may act on. It becomes a dead letter that holds nobody's key.
    ///
    /// @param fault for people
    record Poison(String fault) implements Arrival {}

    /// Why an event passes by; also the label of the metric.
    enum Why {
        UNKNOWN_TYPE("unknown-type"),
        NOT_OURS("not-ours");

        private final String label;

        Why(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }
}
