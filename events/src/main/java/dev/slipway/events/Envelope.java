package dev.slipway.events;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;

/// What every event says of itself, whatever it tells: also one of a type that only a newer program knows.
///
/// @param type full CDEvents type with its version
/// @param id see [Event]; so are the others
public record Envelope(UUID id, String type, String source, String subject, Instant time, UUID chainId) {
    public Envelope {
        requireNonNull(id, "id");
        requireNonNull(type, "type");
        requireNonNull(source, "source");
        requireNonNull(subject, "subject");
        requireNonNull(time, "time");
        requireNonNull(chainId, "chainId");
    }

    public static Envelope of(Event<?> event) {
        String type = Catalogue.of(event.data().getClass()).type();
        return new Envelope(event.id(), type, event.source(), event.subject(), event.time(), event.chainId());
    }
}
