package dev.slipway.backup.ledger;

import dev.slipway.backup.ledger.BackupRules.Decision;
import dev.slipway.backup.ledger.BackupState.Phase;
import dev.slipway.eventing.Ids;
import dev.slipway.eventing.WorkQueue;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/// Queues backups and moves them from state to state, in the transaction it is given.
@Singleton
public final class Ledger {
    /// The kind of due work that takes a queued backup: its id is the backup's.
    public static final String CAPTURE = "capture";

    private static final Logger LOG = Logger.getLogger(Ledger.class);

    /// Kinds of due work of which nobody means any to begin, or to be held, later than [#FARTHEST] from now.
    private static final List<String> SOON_DUE = List.of(CAPTURE, "copy", "expire", "retention");

    private static final Duration FARTHEST = Duration.ofHours(7);

    private static final String NO_REASON = "none";

    private final Backups backups;
    private final WorkQueue queue;
    private final MeterRegistry meters;
    private final Clock clock;

    public Ledger(Backups backups, WorkQueue queue, MeterRegistry meters, Clock clock) {
        this.backups = backups;
        this.queue = queue;
        this.meters = meters;
        this.clock = clock;
        // From zero on, so that the first of each is an increase.
        took(Phase.COMPLETED, NO_REASON);
        took(Phase.CANCELLED, NO_REASON);
        for (FailureReason reason : FailureReason.values()) {
            took(Phase.FAILED, reason.label());
        }
    }

    /// What is to be taken. @param manifest hash of the manifest to take it by; @param source see
    /// [Backup#source()]
    public record Order(DatabaseKey database, String manifest, String source, ProofKind proof, Origin origin) {}

    /// Queues a backup, or joins the one of this database that waits already: its snapshot will be as new. The
    /// stronger proof of the two is the one it gets.
    ///
    /// @param notBefore its snapshot is to be no older
    public Backup queue(Handle tx, Order order, Instant notBefore) {
        Instant now = now();
        Backup added = Backup.pending(Ids.next(clock), order, now);
        while (!backups.add(tx, added)) {
            Optional<Backup> waiting = backups.open(tx, order.database()).stream()
                    .filter(backup -> backup.state() instanceof BackupState.Pending
                            && backup.source().equals(order.source()))
                    .findFirst();
            if (waiting.isPresent()) {
                return join(tx, waiting.get(), order);
            }
            // It began just now: there is room for the next.
        }
        LOG.infof(
                "backup queued backup=%s database=%s by=%s",
                added.id(), order.database(), order.origin().by());
        queue.schedule(tx, CAPTURE, added.id().toString(), notBefore.isAfter(now) ? notBefore : now);
        return added;
    }

    private Backup join(Handle tx, Backup waiting, Order order) {
        ProofKind stronger = waiting.proof().satisfies(order.proof()) ? waiting.proof() : order.proof();
        backups.join(tx, waiting, order.manifest(), stronger);
        LOG.infof(
                "backup joined backup=%s database=%s by=%s",
                waiting.id(), order.database(), order.origin().by());
        return waiting;
    }

    /// Lets go on what a clock that ran ahead put far into the future: work that was made due then, and what a worker,
    /// killed since, held until then. A worker that lives keeps its claim.
    public void putRight(Handle tx) {
        int many = tx.createUpdate("""
                        update work set due_at = least(due_at, :now),
                            lease_until = case when lease_until > :wrong then :now else lease_until end
                        where kind = any(:kinds) and greatest(due_at, lease_until) > :wrong""")
                .bind("now", now())
                .bind("wrong", now().plus(FARTHEST))
                .bindArray("kinds", String.class, SOON_DUE.toArray())
                .execute();
        if (many > 0) {
            LOG.warnf("work that waited for a time far ahead go on now: %d", many);
        }
    }

    /// Takes a backup up. @return empty when another dump of the same database runs: later
    public Optional<Backup> begin(Handle tx, Backup seen) {
        if (seen.state() instanceof BackupState.Pending && backups.anotherRuns(tx, seen)) {
            return Optional.empty();
        }
        return Optional.of(move(tx, seen, new Signal.Begun()));
    }

    /// Tells a backup what happened to it.
    ///
    /// @return as it is now; unchanged when the rules ignore the signal
    /// @throws IllegalStateException when the rules refuse it, or somebody else changed the backup since it was
    /// seen
    public Backup move(Handle tx, Backup seen, Signal signal) {
        return switch (BackupRules.decide(seen.state(), signal, now())) {
            case Decision.Move move -> moved(tx, seen, move.to());
            case Decision.Ignore ignore -> {
                LOG.infof("backup unchanged backup=%s signal=%s why=%s", seen.id(), name(signal), ignore.why());
                yield seen;
            }
            case Decision.Refuse refuse ->
                throw new IllegalStateException(
                        "backup %s: %s refused: %s".formatted(seen.id(), name(signal), refuse.why()));
        };
    }

    private Backup moved(Handle tx, Backup seen, BackupState to) {
        Backup now = backups.update(tx, seen, to, now())
                .orElseThrow(() -> new IllegalStateException("backup " + seen.id() + " was changed by somebody else"));
        LOG.infof(
                "backup %s backup=%s database=%s was=%s",
                to.phase().label(),
                now.id(),
                now.database(),
                seen.state().phase().label());
        if (now.isOver() && (!seen.isOver() || now.state() instanceof BackupState.Failed)) {
            measure(now);
        }
        return now;
    }

    /// How long backups take from their request to their end, and how they end: `slipway_backups_seconds`.
    private void measure(Backup over) {
        String reason = over.state() instanceof BackupState.Failed failed
                ? failed.reason().label()
                : NO_REASON;
        took(over.state().phase(), reason).record(Duration.between(over.requestedAt(), now()));
    }

    private Timer took(Phase phase, String reason) {
        return Timer.builder("slipway.backups")
                .description("How long backups took from their request to their end")
                .tag("outcome", phase.label())
                .tag("reason", reason)
                .register(meters);
    }

    private static String name(Signal signal) {
        return signal.getClass().getSimpleName();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
