package dev.slipway.inbox;

import dev.slipway.web.PageRequest;
import dev.slipway.web.Problem;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// The dead letters of this service's inbox, and what people do about them.
///
/// A replayed one is pending again under the number it always had, so it comes before everything of its key that
/// arrived after it, and whatever waits behind it goes on waiting until it is done.
@Singleton
final class DeadLetters {
    /// Without what they say: a page of two hundred would be 200 MB.
    private static final String SELECT = """
            select inbox.seq, inbox.source, inbox.event_id, inbox.type, inbox.key, inbox.chain_id, inbox.topic,
                   inbox."partition", inbox."offset", inbox.received_at, inbox.reason, inbox.stack, inbox.attempts,
                   inbox.first_attempt_at, inbox.last_attempt_at, inbox.replays, inbox.acted_by, inbox.acted_at,
                   coalesce(inbox.settled_at, inbox.received_at) as died_at,
                   inbox.source <> 'unreadable' as replayable, behind.waiting, behind.oldest
            from inbox
            cross join lateral (
                select count(*) as waiting, min(received_at) as oldest from inbox later
                where later.key = inbox.key and later.seq > inbox.seq and later.state = 'pending') as behind
            where\s""";

    private final Jdbi jdbi;
    private final Clock clock;

    DeadLetters(Jdbi jdbi, Clock clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /// Oldest first: those have held their key for longest.
    List<DeadLetter> list(InboxFilter filter, PageRequest page) {
        return jdbi.withHandle(handle -> filter.query(
                        handle, SELECT, "inbox.state = 'dead' and inbox.seq > :after order by inbox.seq limit :limit")
                .bind(
                        "after",
                        page.first() ? 0L : page.<Long>after(0, Long::parseLong).longValue())
                .bind("limit", page.fetch())
                .map((rs, _) -> DeadLetter.of(rs))
                .list());
    }

    /// @throws Problem 404 when nothing has this number, 409 when what has it is not dead
    DeadLetter get(String id) {
        return jdbi.withHandle(handle -> dead(handle, id));
    }

    /// Puts it back in its place. @param by who does so
    void replay(String id, String by) {
        jdbi.useTransaction(tx -> {
            DeadLetter letter = dead(tx, id);
            if (!letter.replayable()) {
                throw Problem.conflict(
                        "not-replayable",
                        "The record is no event this service may act on; who sent it has to say it anew. Discard it.",
                        Map.of("reason", letter.reason()));
            }
            int changed = tx.createUpdate("""
                            update inbox set state = 'pending', next_attempt_at = :now, attempts = 0,
                                first_attempt_at = null, settled_at = null, replays = replays + 1,
                                acted_by = :by, acted_at = :now
                            where seq = :id and state = 'dead'""")
                    .bind("now", clock.instant())
                    .bind("by", by)
                    .bind("id", number(id))
                    .execute();
            settled(tx, id, changed);
        });
    }

    /// Ends it without an effect: what waits behind it goes on. @param why for those who ask later
    void discard(String id, String why, String by) {
        jdbi.useTransaction(tx -> {
            dead(tx, id);
            int changed = tx.createUpdate("""
                            update inbox set state = 'done', outcome = 'discarded', settled_at = :now, note = :why,
                                acted_by = :by, acted_at = :now
                            where seq = :id and state = 'dead'""")
                    .bind("now", clock.instant())
                    .bind("why", why)
                    .bind("by", by)
                    .bind("id", number(id))
                    .execute();
            settled(tx, id, changed);
        });
    }

    private static DeadLetter dead(Handle handle, String id) {
        return handle.createQuery(SELECT + "inbox.seq = :id and inbox.state = 'dead'")
                .bind("id", number(id))
                .map((rs, _) -> DeadLetter.of(rs))
                .findOne()
                .orElseThrow(() -> notDead(handle, id));
    }

    /// Somebody else was quicker.
    private static void settled(Handle tx, String id, int changed) {
        if (changed == 0) {
            throw notDead(tx, id);
        }
    }

    private static Problem notDead(Handle handle, String id) {
        return handle.createQuery(
                        "select state, coalesce(outcome, ''), coalesce(acted_by, '') from inbox where seq = :id")
                .bind("id", number(id))
                .map((rs, _) -> Problem.conflict(
                        "not-dead",
                        "Event %s is no dead letter any more.".formatted(id),
                        Map.of("state", rs.getString(1), "outcome", rs.getString(2), "by", rs.getString(3))))
                .findOne()
                .orElseGet(() -> Problem.notFound("dead letter", id));
    }

    private static long number(String id) {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException _) {
            throw Problem.notFound("dead letter", id);
        }
    }
}
