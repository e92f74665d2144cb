package dev.slipway.eventing;

import dev.slipway.events.Topics;
import io.micrometer.core.instrument.Metrics;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Takes away what is over and old enough: published rows of the outbox, settled ones of the inbox, and what else the
/// service keeps for a time ([Prunable]). In small transactions as the database's owner, by one replica at a time.
///
/// Never: what is pending, dead or set aside. The id of an event stays in the inbox for longer than any topic can hold
/// the event, or it would be worked off again when it is read again.
@Singleton
final class Retention {
    private static final Logger LOG = Logger.getLogger(Retention.class);

    /// Rows that were deleted; `table`.
    static final String PRUNED = "slipway.retention.pruned";

    /// A topic forgets whole segments, and one lasts a week: an event may lie there for so much longer.
    static final Duration TOPICS_HOLD = Duration.ofDays(Topics.RETENTION_DAYS + 7);

    private static final long LOCK = 0x51_1b_3a_9eL;
    private static final int BATCH = 1_000;

    private final Clock clock;
    private final OwnerDatabase owner;
    private final List<Prunable> prunables;

    /// @param outbox how long a published event is kept
    /// @param inbox how long a settled one is
    Retention(
            Clock clock,
            OwnerDatabase owner,
            @ConfigProperty(name = "slipway.retention.outbox") Duration outbox,
            @ConfigProperty(name = "slipway.retention.inbox") Duration inbox,
            @All List<Prunable> more) {
        if (inbox.compareTo(TOPICS_HOLD) <= 0) {
            throw new IllegalStateException(
                    "slipway.retention.inbox is %s: ids have to outlive the topics, which hold events for up to %s"
                            .formatted(inbox, TOPICS_HOLD));
        }
        if (outbox.isNegative()) {
            throw new IllegalStateException("slipway.retention.outbox is %s: not a time".formatted(outbox));
        }
        this.clock = clock;
        this.owner = owner;
        this.prunables = new ArrayList<>(List.of(new Published(outbox), new Settled(inbox)));
        this.prunables.addAll(more);
    }

    /// Takes away everything that is over now. @return how many rows; none also while another replica does so
    int prune() {
        Instant now = clock.instant();
        Jdbi jdbi = owner.jdbi();
        try (Handle session = jdbi.open()) {
            session.execute("set lock_timeout = '5s'");
            return prunables.stream()
                    .mapToInt(prunable -> prune(session, prunable, now))
                    .sum();
        }
    }

    private static int prune(Handle session, Prunable prunable, Instant now) {
        int all = 0;
        for (int some = batch(session, prunable, now); some > 0; some = batch(session, prunable, now)) {
            all += some;
        }
        if (all > 0) {
            Metrics.counter(PRUNED, "table", prunable.table()).increment(all);
            LOG.infof("event=pruned table=%s rows=%d", prunable.table(), all);
        }
        return all;
    }

    private static int batch(Handle session, Prunable prunable, Instant now) {
        return session.inTransaction(tx -> isAlone(tx) ? prunable.prune(tx, now, BATCH) : 0);
    }

    private static boolean isAlone(Handle tx) {
        return tx.createQuery("select pg_try_advisory_xact_lock(:lock)")
                .bind("lock", LOCK)
                .mapTo(Boolean.class)
                .one();
    }

    /// Only the oldest rows are looked at: what stands behind younger ones waits for its turn.
    private record Published(Duration keep) implements Prunable {
        @Override
        public String table() {
            return "outbox";
        }

        @Override
        public int prune(Handle owner, Instant now, int most) {
            return owner.createUpdate("""
                            delete from outbox using (
                                select seq, published_at from outbox where published_at is not null
                                order by seq limit :most) as oldest
                            where outbox.seq = oldest.seq and oldest.published_at < :before""")
                    .bind("most", most)
                    .bind("before", now.minus(keep))
                    .execute();
        }
    }

    private record Settled(Duration keep) implements Prunable {
        @Override
        public String table() {
            return "inbox";
        }

        @Override
        public int prune(Handle owner, Instant now, int most) {
            return owner.createUpdate("""
                            delete from inbox using (
                                select seq, received_at, settled_at from inbox where state = 'done'
                                order by seq limit :most) as oldest
                            where inbox.seq = oldest.seq and inbox.state = 'done'
                              and oldest.received_at < :before and oldest.settled_at < :before""")
                    .bind("most", most)
                    .bind("before", now.minus(keep))
                    .execute();
        }
    }
}
