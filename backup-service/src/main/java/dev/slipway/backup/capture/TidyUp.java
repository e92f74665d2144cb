package dev.slipway.backup.capture;

import dev.slipway.backup.engine.Engine;
import dev.slipway.backup.engine.Engines;
import dev.slipway.backup.engine.Job;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.program.Orphans;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/// Removes what killed workers left on somebody's server and on this machine.
public final class TidyUp {
    private static final Logger LOG = Logger.getLogger(TidyUp.class);

    /// How long a program may take to end by itself.
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Jdbi jdbi;
    private final Backups backups;
    private final Engines engines;

    public TidyUp(Jdbi jdbi, Backups backups, Engines engines) {
        this.jdbi = jdbi;
        this.backups = backups;
        this.engines = engines;
    }

    /// After a lost worker of this backup: its programs on this machine, its sessions with the programs behind them on
    /// others, its scratch database and its passwords.
    public void after(Job lost) throws BackupFault, InterruptedException {
        Orphans.end(lost.backup(), GRACE);
        engine(lost).tidyUp(lost);
    }

    /// The scratch databases of backups that are over: their workers could not drop them. Those of backups not
    /// known here are somebody else's.
    public void orphans(Job job) throws BackupFault {
        for (UUID orphan : engine(job).dropScratch(job, this::over)) {
            LOG.warnf("scratch database left behind backup=%s: dropped", orphan);
        }
    }

    private Engine engine(Job job) {
        return engines.of(job.source().kind());
    }

    private Set<UUID> over(Set<UUID> present) {
        return present.isEmpty() ? Set.of() : jdbi.withHandle(handle -> backups.over(handle, List.copyOf(present)));
    }
}
