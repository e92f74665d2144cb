package dev.slipway.events;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;

/// One event, whatever the wire looks like.
///
/// @param id unique per source; consumers deduplicate by it
/// @param source who says it, a URI reference such as `/slipway/deploy-service`
/// @param subject id of the thing the event is about (CDEvents `subject.id`, CloudEvents `subject`)
/// @param time when it happened, to the microsecond (what PostgreSQL keeps)
/// @param chainId the candidate's id: ties everything that follows from one build together
/// @param data what happened
public record Event<D extends EventData>(UUID id, String source, String subject, Instant time, UUID chainId, D data) {
    public Event {
        requireNonNull(id, "id");
        requireNonNull(source, "source");
        requireNonNull(subject, "subject");
        requireNonNull(time, "time");
        requireNonNull(chainId, "chainId");
        requireNonNull(data, "data");
        if (source.isBlank() || subject.isBlank()) {
            throw new IllegalArgumentException(
                    "an event needs a source and a subject: '%s', '%s'".formatted(source, subject));
        }
    }
}
