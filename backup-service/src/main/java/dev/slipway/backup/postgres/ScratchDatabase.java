package dev.slipway.backup.postgres;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.engine.ScratchName;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/// An empty database made for one proof, on the server of the database that was backed up, and dropped after it.
public final class ScratchDatabase implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ScratchDatabase.class);
    private static final int TRIES = 3;
    private static final String OBJECT_IN_USE = "55006";

    private final Access source;
    private final UUID backup;
    private final int serverMajor;
    private final Limits limits;

    private ScratchDatabase(Access source, UUID backup, int serverMajor, Limits limits) {
        this.source = source;
        this.backup = backup;
        this.serverMajor = serverMajor;
        this.limits = limits;
    }

    /// Makes it like the source: from `template0`, with the source's encoding and collation.
    ///
    /// @throws BackupFault `access-denied` when the role may not create databases
    public static ScratchDatabase create(Access source, UUID backup, Limits limits) throws BackupFault {
        String name = ScratchName.guarded(backup, source);
        try (PostgresSession session = PostgresSession.open(source, backup, limits)) {
            PostgresSession.Facts like = session.facts();
            drop(session, source, backup);
            session.execute("CREATE DATABASE %s TEMPLATE template0 ENCODING %s LC_COLLATE %s LC_CTYPE %s"
                    .formatted(
                            name, literal(like.encoding()), literal(like.collation()), literal(like.characterType())));
            // Nobody relies on it after a crash: its commits need not wait for the disk.
            session.execute("ALTER DATABASE %s SET synchronous_commit = off".formatted(name));
            return new ScratchDatabase(source, backup, like.major(), limits);
        } catch (SQLException e) {
            throw SqlFaults.of(
                    e,
                    "creating the scratch database %s (the role needs CREATEDB)".formatted(name),
                    FailureReason.RESTORE_FAILED);
        }
    }

    /// How to reach it.
    public Access access() {
        return source.on(ScratchName.of(backup));
    }

    public int serverMajor() {
        return serverMajor;
    }

    /// Drops it, see [#drop(PostgresSession, Access, UUID)].
    @Override
    public void close() throws BackupFault {
        try (PostgresSession session = PostgresSession.open(source, backup, limits)) {
            drop(session, source, backup);
        }
    }

    /// Drops the scratch database of a backup; no matter when there is none. Whoever is connected as the same role is
    /// thrown out first.
    ///
    /// Not by `WITH (FORCE)`: to a role that is no superuser, the server (15 at least) refuses that while its own
    /// autovacuum is in the database. A plain `DROP DATABASE` sends autovacuum away and waits
    /// 5 s until everybody has left.
    public static void drop(PostgresSession session, Access source, UUID backup) throws BackupFault {
        String name = ScratchName.guarded(backup, source);
        try {
            for (int tries = 1; !dropped(session, name, tries == TRIES); tries++) {
                LOG.infof("scratch database %s is still in use after try %d to drop it", name, tries);
            }
        } catch (SQLException e) {
            throw SqlFaults.of(e, "dropping the scratch database " + name, FailureReason.RESTORE_FAILED);
        }
    }

    private static boolean dropped(PostgresSession session, String name, boolean last) throws SQLException {
        try {
            session.texts("""
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = %s AND pid <> pg_backend_pid() AND pg_has_role(usesysid, 'USAGE')
                    """.formatted(literal(name)));
            session.execute("DROP DATABASE IF EXISTS " + name);
            return true;
        } catch (SQLException e) {
            if (last || !OBJECT_IN_USE.equals(e.getSQLState())) {
                throw e;
            }
            return false;
        }
    }

    /// The backups whose scratch databases are on the server.
    public static List<UUID> present(PostgresSession session) throws BackupFault {
        try {
            return session.texts("SELECT datname FROM pg_database").stream()
                    .map(ScratchName::backupOf)
                    .flatMap(Optional::stream)
                    .toList();
        } catch (SQLException e) {
            throw SqlFaults.of(e, "listing scratch databases", FailureReason.RESTORE_FAILED);
        }
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
