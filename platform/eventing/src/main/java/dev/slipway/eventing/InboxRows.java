package dev.slipway.eventing;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The worker's side of the table `inbox`.
///
/// Who holds the lock on the oldest open row of a key holds the key: nobody else sees a younger row of it as the oldest
/// before that transaction is over. A row that waits for its next attempt, or is dead, is always the oldest of its key.
final class InboxRows {
    static final String CLAIM = """
            with near as materialized (
                select seq, key, next_attempt_at from inbox
                where state = 'pending' order by seq limit :window),
            oldest as materialized (
                select distinct on (key) seq, key, next_attempt_at from near order by key, seq),
            free as materialized (
                select seq from oldest
                where next_attempt_at <= :now
                  and not exists (select from inbox dead
                                  where dead.key = oldest.key and dead.seq < oldest.seq and dead.state = 'dead')),
            locked as materialized (
                select seq, key from inbox
                where seq = any(array(select seq from free)) and state = 'pending' and next_attempt_at <= :now
                order by seq limit :most for update skip locked),
            claimed as materialized (
                select near.seq from near join locked using (key) order by near.seq limit :most)
            select seq, key, source, event_id, value, type, attempts, first_attempt_at, traceparent
            from (select inbox.*, sum(coalesce(octet_length(value), 0)) over (order by seq
                                      rows between unbounded preceding and 1 preceding) as bytes_before
                  from inbox where seq = any(array(select seq from claimed))) as taken
            where coalesce(bytes_before, 0) < :bytes order by seq""";

    /// What is held in memory at once, by each worker; the last event of it may exceed this.
    static final int MOST_BYTES = 4 << 20;

    /// How many open events are looked at for free keys. Only when none of them is free, all are.
    private static final int WINDOW = 512;

    /// Claims up to so many events, oldest first. Of one key there may be several, without a gap.
    List<InboxRow> claim(Handle tx, Instant now, int most) {
        List<InboxRow> near = claim(tx, now, most, WINDOW);
        return near.isEmpty() && isCrowded(tx) ? claim(tx, now, most, Integer.MAX_VALUE) : near;
    }

    private static boolean isCrowded(Handle tx) {
        return tx.createQuery("select exists (select from inbox where state = 'pending' order by seq offset :window)")
                .bind("window", WINDOW)
                .mapTo(Boolean.class)
                .one();
    }

    private static List<InboxRow> claim(Handle tx, Instant now, int most, int window) {
        return tx.createQuery(CLAIM)
                .bind("now", now)
                .bind("most", most)
                .bind("window", window)
                .bind("bytes", MOST_BYTES)
                .map((rs, _) -> row(rs))
                .list();
    }

    private static InboxRow row(ResultSet rs) throws SQLException {
        Timestamp first = rs.getTimestamp("first_attempt_at");
        return new InboxRow(
                rs.getLong("seq"),
                rs.getString("key"),
                rs.getString("source"),
                rs.getString("event_id"),
                rs.getBytes("value"),
                rs.getString("type"),
                rs.getInt("attempts"),
                first == null ? null : first.toInstant(),
                rs.getString("traceparent"));
    }

    /// @param handled what became of each row, in their order
    void done(Handle tx, List<InboxRow> rows, List<Handled> handled, Instant now) {
        tx.createUpdate("""
                        update inbox set state = 'done', outcome = settled.outcome, reason = settled.reason, stack = null,
                            attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, :now),
                            last_attempt_at = :now, settled_at = :now
                        from unnest(:rows, :outcomes, :reasons) as settled (seq, outcome, reason)
                        where inbox.seq = settled.seq""")
                .bind("now", now)
                .bindArray("rows", Long.class, rows.stream().map(InboxRow::seq).toArray())
                .bindArray(
                        "outcomes",
                        String.class,
                        handled.stream().map(InboxRows::outcome).toArray())
                .bindArray(
                        "reasons",
                        String.class,
                        handled.stream().map(InboxRows::reason).toArray())
                .execute();
    }

    private static String outcome(Handled handled) {
        return switch (handled) {
            case Handled.Applied _ -> "applied";
            case Handled.Ignored _ -> "ignored";
            case Handled.Refused _ -> "refused";
        };
    }

    private static @Nullable String reason(Handled handled) {
        return switch (handled) {
            case Handled.Applied _ -> null;
            case Handled.Ignored(String why) -> PlainText.kept(why);
            case Handled.Refused(String why) -> PlainText.kept(why);
        };
    }

    /// @return false when somebody else has tried it since it was claimed
    boolean again(Handle tx, InboxRow row, Instant now, Instant again, String reason) {
        return tx.createUpdate("""
                        update inbox set attempts = attempts + 1, next_attempt_at = :again, reason = :reason,
                            first_attempt_at = coalesce(first_attempt_at, :now), last_attempt_at = :now
                        where seq = :seq and state = 'pending' and attempts = :attempts""")
                        .bind("now", now)
                        .bind("again", again)
                        .bind("reason", PlainText.kept(reason))
                        .bind("seq", row.seq())
                        .bind("attempts", row.attempts())
                        .execute()
                == 1;
    }

    /// @return false when somebody else has tried it since it was claimed
    boolean dead(Handle tx, InboxRow row, Instant now, String reason, @Nullable String stack) {
        return tx.createUpdate("""
                        update inbox set state = 'dead', reason = :reason, stack = cast(:stack as text),
                            attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, :now),
                            last_attempt_at = :now, settled_at = :now
                        where seq = :seq and state = 'pending' and attempts = :attempts""")
                        .bind("now", now)
                        .bind("reason", PlainText.kept(reason))
                        .bind("stack", stack == null ? null : PlainText.kept(stack))
                        .bind("seq", row.seq())
                        .bind("attempts", row.attempts())
                        .execute()
                == 1;
    }
}
