package dev.slipway.inbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An event that could not be worked off, and holds its key until somebody replays or discards it.
///
/// @param id its number in this service's inbox
/// @param type as the catalogue has it; absent from a record that is no event
/// @param chain the candidate's id
/// @param reason why it died
/// @param stack where, when a handler threw
/// @param attempts since it arrived, or was replayed last
/// @param replayable false for a record that is no event this service may act on: it can be discarded only
/// @param replays how often somebody replayed it before
/// @param replayedBy who did so last
/// @param waiting events of its key behind it
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeadLetter(
        String id,
        String source,
        String eventId,
        @Nullable String type,
        String key,
        @Nullable UUID chain,
        String topic,
        int partition,
        long offset,
        Instant receivedAt,
        String reason,
        @Nullable String stack,
        int attempts,
        @Nullable Instant firstAttemptAt,
        @Nullable Instant lastAttemptAt,
        Instant diedAt,
        boolean replayable,
        int replays,
        @Nullable String replayedBy,
        @Nullable Instant replayedAt,
        Waiting waiting) {

    /// @param oldest when the first of them arrived
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Waiting(int count, @Nullable Instant oldest) {}

    static DeadLetter of(ResultSet rs) throws SQLException {
        return new DeadLetter(
                Long.toString(rs.getLong("seq")),
                rs.getString("source"),
                rs.getString("event_id"),
                InboxEvent.type(rs),
                rs.getString("key"),
                rs.getObject("chain_id", UUID.class),
                rs.getString("topic"),
                rs.getInt("partition"),
                rs.getLong("offset"),
                rs.getTimestamp("received_at").toInstant(),
                rs.getString("reason"),
                rs.getString("stack"),
                rs.getInt("attempts"),
                InboxEvent.instant(rs, "first_attempt_at"),
                InboxEvent.instant(rs, "last_attempt_at"),
                rs.getTimestamp("died_at").toInstant(),
                rs.getBoolean("replayable"),
                rs.getInt("replays"),
                rs.getString("acted_by"),
                InboxEvent.instant(rs, "acted_at"),
                new Waiting(rs.getInt("waiting"), InboxEvent.instant(rs, "oldest")));
    }
}
