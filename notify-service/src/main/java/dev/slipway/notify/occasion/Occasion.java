package dev.slipway.notify.occasion;

import dev.slipway.events.Event;
import dev.slipway.events.ReleaseRef;
import dev.slipway.notify.audience.Situation;
import dev.slipway.notify.wording.Facts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Something happened that people may want to hear of.
///
/// @param key what makes it this one occasion: it is told once per key, however often it comes in
/// @param about the release's id, the application's and the environment's name
/// @param request who waits for the answer, when somebody does
/// @param deadline until when they wait
/// @param chainId the candidate's id
/// @param facts what there is to tell
public record Occasion(
        String key,
        Situation situation,
        Subject about,
        @Nullable UUID request,
        @Nullable Instant deadline,
        UUID chainId,
        Facts facts) {

    /// What an occasion is about.
    ///
    /// @param environment full name, `shop/production`; null when it is about none
    /// @param manifest content hash of the manifest that decides who hears of it; null for the current one
    public record Subject(
            String application,
            @Nullable String environment,
            @Nullable UUID release,
            @Nullable String manifest) {

        static Subject of(ReleaseRef release) {
            return new Subject(release.application(), release.environment(), release.id(), release.manifest());
        }

        /// The environment without the application; empty when there is none.
        public String place() {
            return environment == null ? "" : environment.substring(environment.indexOf('/') + 1);
        }

        /// The Kafka key of everything said about it: the release's id, or the application.
        public String eventKey() {
            return release == null ? application : release.toString();
        }
    }

    /// An occasion nobody waits for: told once per event.
    static Occasion of(Event<?> event, Situation situation, Subject about, Facts facts) {
        return new Occasion("event/" + event.id(), situation, about, null, null, event.chainId(), facts);
    }

    /// The same occasion under a key of its own, for events that come again while nothing new is to be told.
    Occasion oncePer(String what) {
        return new Occasion(what, situation, about, request, deadline, chainId, facts);
    }

    /// The id everything stored about this occasion has: the same for the same key, also in a restored database.
    public UUID id() {
        return UUID.nameUUIDFromBytes(("occasion/" + key).getBytes(StandardCharsets.UTF_8));
    }
}
