package dev.slipway.backup.capture;

import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.postgres.Limits;
import dev.slipway.backup.postgres.PostgresAccess;
import dev.slipway.backup.postgres.PostgresPrograms;
import dev.slipway.backup.postgres.PostgresSession;
import dev.slipway.backup.postgres.ScratchDatabase;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/// Removes what killed workers left on somebody's server and on this machine.
public final class TidyUp {
    private static final Logger LOG = Logger.getLogger(TidyUp.class);

    private final Jdbi jdbi;
    private final Backups backups;
    private final PostgresPrograms programs;

    public TidyUp(Jdbi jdbi, Backups backups, PostgresPrograms programs) {
        this.jdbi = jdbi;
        this.backups = backups;
        this.programs = programs;
    }

    /// After a lost worker of this backup: its sessions, with the programs behind them, its scratch database and
    /// its passwords.
    void after(UUID lost, PostgresAccess source, Limits limits) throws BackupFault {
        programs.removeLeftovers(lost);
        try (PostgresSession session = PostgresSession.open(source, lost, limits)) {
            session.endSessionsOf(lost);
            ScratchDatabase.drop(session, source, lost);
        }
    }

    /// The scratch databases of backups that are over: their workers could not drop them. Those of backups not
    /// known here are somebody else's.
    void orphans(UUID backup, PostgresAccess source, Limits limits) throws BackupFault {
        try (PostgresSession session = PostgresSession.open(source, backup, limits)) {
            for (UUID orphan : over(ScratchDatabase.present(session))) {
                LOG.warnf("scratch database left behind backup=%s: dropped", orphan);
                ScratchDatabase.drop(session, source, orphan);
            }
        }
    }

    private Set<UUID> over(Collection<UUID> present) {
        return present.isEmpty() ? Set.of() : jdbi.withHandle(handle -> backups.over(handle, List.copyOf(present)));
    }
}
