package dev.slipway.demo.topics;

import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.UnreadableEvent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// One record as it lies on a topic.
///
/// @param headers in binary mode: `ce_id`, `ce_type` …
/// @param value the whole CDEvent
public record Heard(String topic, int partition, long offset, String key, Map<String, String> headers, byte[] value) {
    /// @return empty when it is no event of the catalogue
    public Optional<Event<?>> event() {
        try {
            return EventCodec.read(value);
        } catch (UnreadableEvent _) {
            return Optional.empty();
        }
    }

    /// The value as it came, without line breaks.
    String line() {
        return new String(value, StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .reduce("", String::concat);
    }

    String place() {
        return "%s-%d@%d".formatted(topic, partition, offset);
    }
}
