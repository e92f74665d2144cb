package dev.slipway.notify.notice;

import dev.slipway.notify.audience.Situation;
import dev.slipway.notify.channel.Envelope;
import dev.slipway.notify.notice.NoticeRules.Decision;
import dev.slipway.notify.notice.NoticeRules.Standing;
import dev.slipway.notify.notice.NoticeRules.Tally;
import dev.slipway.notify.wording.Content;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One message to one address.
///
/// @param id the same for the same occasion and address, also in a restored database
/// @param occasion what it tells of
/// @param thread the first notice to the same address about the same release; null when this is it
/// @param deadline after it no attempt begins
/// @param version grows with every change
record Notice(
        UUID id,
        UUID occasion,
        Situation situation,
        String application,
        @Nullable UUID release,
        Recipient recipient,
        @Nullable UUID thread,
        Content content,
        Instant createdAt,
        Instant deadline,
        NoticeState state,
        Tally tally,
        long version) {

    static UUID idOf(UUID occasion, Recipient recipient) {
        String key = "notice/%s/%s/%s/%s"
                .formatted(occasion, recipient.audience(), recipient.channel().label(), recipient.hash());
        return UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
    }

    Standing standing() {
        return new Standing(id, deadline, state, tally);
    }

    Envelope envelope() {
        return new Envelope(id, thread, situation, release);
    }

    /// For the log.
    String summary() {
        return "notice=%s situation=%s channel=%s audience=%s state=%s attempts=%d unconfirmed=%d"
                .formatted(
                        id,
                        situation.label(),
                        recipient.channel().label(),
                        recipient.audience(),
                        state.phase(),
                        tally.attempts(),
                        tally.unconfirmed());
    }

    /// The same notice in another state.
    Notice moved(Decision.Move move) {
        return as(move.to(), move.tally(), version);
    }

    /// The same notice as the database has it after a change.
    Notice stored() {
        return as(state, tally, version + 1);
    }

    private Notice as(NoticeState newState, Tally newTally, long newVersion) {
        return new Notice(
                id,
                occasion,
                situation,
                application,
                release,
                recipient,
                thread,
                content,
                createdAt,
                deadline,
                newState,
                newTally,
                newVersion);
    }
}
