package dev.slipway.audit;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Chains committed rows, one replica at a time: nobody who makes a change waits for it. A row is taken when no older
/// transaction is open any more, so nothing comes late below what is sealed.
@Startup
@Singleton
final class Sealer {
    private static final Logger LOG = Logger.getLogger(Sealer.class);
    private static final int BATCH = 1_000;

    private final Jdbi jdbi;
    private final Refusals refusals;
    private final Duration every;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private boolean sealed;
    private @Nullable Thread loop;

    Sealer(
            Jdbi jdbi,
            Refusals refusals,
            @ConfigProperty(name = "slipway.audit.sealing") boolean enabled,
            @ConfigProperty(name = "slipway.audit.every") Duration every) {
        this.jdbi = jdbi;
        this.refusals = refusals;
        this.every = every;
        if (enabled) {
            loop = Thread.ofPlatform().name("audit-sealer").daemon().start(this::run);
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping.countDown();
        Thread running = loop;
        if (running != null) {
            running.join(Duration.ofSeconds(5));
        }
    }

    private void run() {
        try {
            while (!stopping.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                turn();
            }
            // What was refused in the last moment is written still.
            turn();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void turn() {
        try {
            seal();
        } catch (RuntimeException e) {
            LOG.warnf("event=audit_not_sealed reason=\"%s\"", e.getMessage());
        }
    }

    /// Writes refusals and seals everything that can be. @return how many rows were sealed
    int seal() {
        jdbi.useTransaction(refusals::write);
        int all = 0;
        for (int some = BATCH; some == BATCH; all += some) {
            some = jdbi.inTransaction(this::sealSome);
        }
        sealed = true;
        return all;
    }

    private record Head(long position, String hash, String xid) {}

    private record Next(AuditRow row, String xid) {}

    private int sealSome(Handle tx) {
        Optional<Head> free = tx.createQuery("select position, hash, xid::text from audit_head for update skip locked")
                .map((row, _) -> new Head(row.getLong(1), row.getString(2), row.getString(3)))
                .findOne();
        if (free.isEmpty()) {
            return 0;
        }
        Head head = free.get();
        List<Next> rows = unsealed(tx, head);
        long position = head.position;
        String hash = head.hash;
        var seals = tx.prepareBatch("insert into audit_seal (position, seq, hash) values (:position, :seq, :hash)");
        for (Next next : rows) {
            hash = next.row.hashAfter(hash);
            seals.bind("position", ++position)
                    .bind("seq", next.row.seq())
                    .bind("hash", hash)
                    .add();
        }
        if (!rows.isEmpty()) {
            seals.execute();
            tx.createUpdate("update audit_head set position = :position, hash = :hash, xid = cast(:xid as xid8)")
                    .bind("position", position)
                    .bind("hash", hash)
                    .bind("xid", rows.getLast().xid)
                    .execute();
        }
        return rows.size();
    }

    /// A database that was restored elsewhere counts its transactions anew: at its first turn a sealer therefore looks
    /// at all rows, later only at those that were written since.
    private List<Next> unsealed(Handle tx, Head head) {
        String open = sealed
                ? "a.xid >= cast(:from as xid8) and a.xid < pg_snapshot_xmin(pg_current_snapshot())"
                : "(a.xid < pg_snapshot_xmin(pg_current_snapshot()) or a.xid >= pg_snapshot_xmax(pg_current_snapshot()))";
        var query = tx.createQuery("select a.xid::text, " + AuditRow.COLUMNS + " from audit a where " + open
                + " and not exists (select from audit_seal s where s.seq = a.seq) order by a.xid, a.seq limit :most");
        if (sealed) {
            query.bind("from", head.xid);
        }
        return query.bind("most", BATCH)
                .map((row, _) -> new Next(AuditRow.read(row, 2), row.getString(1)))
                .list();
    }
}
