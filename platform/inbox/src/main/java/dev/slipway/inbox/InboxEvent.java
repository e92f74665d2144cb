package dev.slipway.inbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.web.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// An event that came in, and what became of it.
///
/// @param id its number in this service's inbox, in the order of arrival
/// @param eventId unique per source, the same at every service; of a record that was no event, its place on the topic
/// @param type as the catalogue has it; absent from a record that was no event
/// @param chain the candidate's id
/// @param state `pending`, `done` or `dead`
/// @param outcome of a done one: `applied`, `ignored`, `refused` or `discarded`
/// @param reason why nothing came of it, or why it is tried again
/// @param actedBy who replayed or discarded it last
/// @param note why it was discarded
@JsonInclude(JsonInclude.Include.NON_NULL)
record InboxEvent(
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
        String state,
        @Nullable String outcome,
        @Nullable String reason,
        int attempts,
        @Nullable Instant settledAt,
        @Nullable String actedBy,
        @Nullable String note) {
    private static final String SELECT = """
            select seq, source, event_id, type, key, chain_id, topic, "partition", "offset", received_at, state, outcome,
                   reason, attempts, settled_at, acted_by, note
            from inbox where\s""";

    static List<InboxEvent> list(Handle handle, InboxFilter filter, PageRequest page) {
        return filter.query(handle, SELECT, "seq < :before order by seq desc limit :limit")
                .bind(
                        "before",
                        page.first()
                                ? Long.MAX_VALUE
                                : page.<Long>after(0, Long::parseLong).longValue())
                .bind("limit", page.fetch())
                .map((rs, _) -> of(rs))
                .list();
    }

    private static InboxEvent of(ResultSet rs) throws SQLException {
        return new InboxEvent(
                Long.toString(rs.getLong("seq")),
                rs.getString("source"),
                rs.getString("event_id"),
                type(rs),
                rs.getString("key"),
                rs.getObject("chain_id", UUID.class),
                rs.getString("topic"),
                rs.getInt("partition"),
                rs.getLong("offset"),
                rs.getTimestamp("received_at").toInstant(),
                rs.getString("state"),
                rs.getString("outcome"),
                rs.getString("reason"),
                rs.getInt("attempts"),
                instant(rs, "settled_at"),
                rs.getString("acted_by"),
                rs.getString("note"));
    }

    static @Nullable String type(ResultSet rs) throws SQLException {
        String type = rs.getString("type");
        return type.isEmpty() ? null : type;
    }

    static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
        Timestamp time = rs.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
