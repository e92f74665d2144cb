package dev.slipway.eventing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.UnreadableEvent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// Looks at a record before it comes in: whether it is an event, said by the service the catalogue names, where the
/// catalogue says. Whoever may write one topic can speak for its producer, but not for another topic's.
final class Door {
    /// What a broker takes by default.
    static final int LARGEST_VALUE = 1_048_576;

    /// Keys are ids and names; an index of PostgreSQL takes 2.7 kB.
    static final int LONGEST_KEY = 1_000;

    private final String service;

    /// @param service the service's name in the catalogue
    Door(String service) {
        this.service = service;
    }

    Arrival look(ConsumerRecord<String, byte[]> record) {
        try {
            return read(record);
        } catch (UnreadableEvent e) {
            return new Arrival.Poison(String.valueOf(e.getMessage()));
        }
    }

    private Arrival read(ConsumerRecord<String, byte[]> record) {
        byte[] value = record.value();
        if (value == null) {
            return new Arrival.Poison("the record has no value (a tombstone)");
        }
        if (value.length > LARGEST_VALUE) {
            return new Arrival.Poison(
                    "the value has %d bytes, %d at most are taken".formatted(value.length, LARGEST_VALUE));
        }
        JsonNode root = EventCodec.tree(value);
        String type = EventCodec.type(root);
        Catalogue.Entry entry = Catalogue.ofType(type).orElse(null);
        if (entry == null) {
            return new Arrival.Passing(Arrival.Why.UNKNOWN_TYPE);
        }
        if (!entry.consumers().contains(service)) {
            return new Arrival.Passing(Arrival.Why.NOT_OURS);
        }
        AtomicInteger unknownFields = new AtomicInteger();
        Event<?> event = EventCodec.read(root, entry, _ -> unknownFields.incrementAndGet());
        String fault = fault(record, event, entry);
        return fault == null ? new Arrival.Ours(event, type, unknownFields.get()) : new Arrival.Poison(fault);
    }

    private static @Nullable String fault(
            ConsumerRecord<String, byte[]> record, Event<?> event, Catalogue.Entry entry) {
        if (!entry.topic().equals(record.topic())) {
            return "%s belongs on %s, not on %s".formatted(entry.type(), entry.topic(), record.topic());
        }
        if (!entry.isSaidBy(event.source())) {
            return "%s is said by %s, not by %s".formatted(entry.type(), entry.producer(), event.source());
        }
        String headers = headerFault(record, event);
        return headers == null ? keyFault(record.key()) : headers;
    }

    /// Headers are for those who do not read the value: both must say the same.
    private static @Nullable String headerFault(ConsumerRecord<String, byte[]> record, Event<?> event) {
        for (Map.Entry<String, String> expected : EventCodec.headers(event).entrySet()) {
            Header header = record.headers().lastHeader(expected.getKey());
            if (header == null || !expected.getKey().startsWith("ce_")) {
                continue;
            }
            String found = header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
            if (!found.equals(expected.getValue())) {
                return "the header %s is '%s', the value says '%s'"
                        .formatted(expected.getKey(), found, expected.getValue());
            }
        }
        return null;
    }

    private static @Nullable String keyFault(@Nullable String key) {
        if (key == null || key.isBlank()) {
            return "the record has no key: nothing keeps its order";
        }
        if (key.getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
            return "the key has more than %d bytes".formatted(LONGEST_KEY);
        }
        return key.chars().anyMatch(Character::isISOControl) ? "the key has control characters" : null;
    }
}
