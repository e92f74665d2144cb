package dev.slipway.backup.mariadb;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Composition;
import dev.slipway.backup.engine.Job;
import dev.slipway.backup.engine.Scratch;
import dev.slipway.backup.engine.ScratchName;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An empty schema made for one proof, on the server of the database that was backed up, and dropped after it.
final class ScratchSchema implements Scratch {
    private final Job job;
    private final Archive archive;
    private final DumpClient client;
    private final MariadbPrograms programs;

    private ScratchSchema(Job job, Archive archive, DumpClient client, MariadbPrograms programs) {
        this.job = job;
        this.archive = archive;
        this.client = client;
        this.programs = programs;
    }

    /// Makes it with the character set and collation of the database that was backed up.
    ///
    /// @throws BackupFault `access-denied` when the account may not create it
    static ScratchSchema create(Job job, Archive archive, DumpClients clients, MariadbPrograms programs)
            throws BackupFault, InterruptedException {
        String name = ScratchName.guarded(job.backup(), job.source());
        try (MariadbSession session = MariadbSession.openServer(job.source(), job.limits())) {
            DumpClient.Release server = DumpClient.Release.of(session.version());
            DumpClient.Release wrote = DumpClient.Release.of(archive.clientVersion());
            DumpClient client = clients.forServer(session.isMariadb(), server.compareTo(wrote) > 0 ? server : wrote);
            drop(session, job.source(), job.backup());
            try {
                session.execute("CREATE DATABASE %s CHARACTER SET %s COLLATE %s"
                        .formatted(
                                name,
                                MariadbSession.name(archive.encoding()),
                                MariadbSession.name(archive.collation())));
            } catch (SQLException e) {
                throw session.fault(
                        e,
                        "creating the scratch schema %s (the account needs GRANT ALL ON `slipway\\_scratch\\_%%`.*)"
                                .formatted(name),
                        FailureReason.RESTORE_FAILED);
            }
            return new ScratchSchema(job, archive, client, programs);
        }
    }

    @Override
    public Access access() {
        return job.source().on(ScratchName.of(job.backup()));
    }

    @Override
    public void restore(InputStream content) throws BackupFault, IOException, InterruptedException {
        programs.restore(client, new ForScratch(content), job, access());
        try (MariadbSession session = MariadbSession.open(new Job(job.backup(), access(), job.limits()))) {
            List<String> differences = Objects.differences(
                    Composition.kinds(archive.details().objects()),
                    "the dump",
                    Inventory.list(session, ScratchName.of(job.backup())).objects(),
                    "what was restored");
            if (!differences.isEmpty()) {
                throw new BackupFault(FailureReason.RESTORE_FAILED, String.join("; ", differences));
            }
        } catch (SQLException e) {
            throw Faults.of(e, "listing what was restored into " + access(), FailureReason.RESTORE_FAILED);
        }
    }

    @Override
    public SortedMap<String, Long> countRows() throws BackupFault {
        try (MariadbSession session = MariadbSession.open(new Job(job.backup(), access(), job.limits()))) {
            return session.countRows(Inventory.list(session, ScratchName.of(job.backup()))
                    .tables()
                    .keySet());
        } catch (SQLException e) {
            throw Faults.of(e, "listing what was restored into " + access(), FailureReason.RESTORE_FAILED);
        }
    }

    @Override
    public SortedMap<String, Long> composition() throws BackupFault {
        try (MariadbSession session = MariadbSession.open(new Job(job.backup(), access(), job.limits()))) {
            String schema = ScratchName.of(job.backup());
            return Composition.of(Inventory.list(session, schema).objects(), Positions.of(session, schema));
        } catch (SQLException e) {
            throw Faults.of(e, "listing what was restored into " + access(), FailureReason.RESTORE_FAILED);
        }
    }

    @Override
    public @Nullable String ask(String sql, Duration limit) throws BackupFault {
        try (MariadbSession session = MariadbSession.open(new Job(job.backup(), access(), job.limits()))) {
            return session.ask(sql, limit);
        }
    }

    @Override
    public void close() throws BackupFault {
        try (MariadbSession session = MariadbSession.openServer(job.source(), job.limits())) {
            drop(session, job.source(), job.backup());
        }
    }

    /// Drops the scratch schema of a backup, whoever is still in it; no matter when there is none.
    static void drop(MariadbSession session, Access source, UUID backup) throws BackupFault {
        String name = ScratchName.guarded(backup, source);
        try {
            session.endSessionsIn(name);
            session.execute("DROP DATABASE IF EXISTS " + name);
        } catch (SQLException e) {
            throw session.fault(e, "dropping the scratch schema " + name, FailureReason.RESTORE_FAILED);
        }
    }

    /// The backups whose scratch schemas are on the server.
    static List<UUID> present(MariadbSession session) throws BackupFault {
        try {
            return session.texts("SELECT schema_name FROM information_schema.schemata").stream()
                    .map(ScratchName::backupOf)
                    .flatMap(Optional::stream)
                    .toList();
        } catch (SQLException e) {
            throw session.fault(e, "listing scratch schemas", FailureReason.RESTORE_FAILED);
        }
    }
}
