package dev.slipway.demo.topics;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.UnreadableEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Holds single records against the catalogue: readable, complete, from the right service, on the right topic, and the
/// headers say what the value says.
final class EventCheck {
    private EventCheck() {}

    /// @return what is wrong with the record, in words; nothing when it is an event of the catalogue
    static List<String> faults(Heard heard) {
        List<String> faults = new ArrayList<>();
        try {
            Optional<Event<?>> event = EventCodec.read(heard.value());
            if (event.isEmpty()) {
                faults.add(
                        "its type is not in the catalogue: " + heard.headers().get("ce_type"));
            }
            event.ifPresent(known -> compare(heard, known, faults));
        } catch (UnreadableEvent e) {
            faults.add(e.getMessage());
        }
        return faults.stream().map(fault -> heard.place() + ": " + fault).toList();
    }

    private static void compare(Heard heard, Event<?> event, List<String> faults) {
        Catalogue.Entry entry = Catalogue.of(event.data().getClass());
        if (!entry.topic().equals(heard.topic())) {
            faults.add("%s belongs on %s".formatted(entry.type(), entry.topic()));
        }
        if (!event.source().equals("/slipway/" + entry.producer())) {
            faults.add("%s comes from %s".formatted(entry.type(), event.source()));
        }
        for (Map.Entry<String, String> header : EventCodec.headers(event).entrySet()) {
            String found = heard.headers().get(header.getKey());
            if (!header.getValue().equals(found)) {
                faults.add(
                        "header %s is '%s', the value says '%s'".formatted(header.getKey(), found, header.getValue()));
            }
        }
        byte[] written = EventCodec.toJson(event).toString().getBytes(StandardCharsets.UTF_8);
        if (!json(written).equals(EventCheck::compareValues, json(heard.value()))) {
            faults.add("%s is not written as the catalogue has it".formatted(entry.type()));
        }
    }

    /// `1E9` and `1000000000` are one number.
    private static int compareValues(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    }

    private static JsonNode json(byte[] value) {
        try {
            return EventCodec.json().readTree(value);
        } catch (IOException e) {
            throw new UnreadableEvent(e.getMessage());
        }
    }
}
