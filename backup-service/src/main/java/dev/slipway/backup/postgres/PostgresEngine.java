package dev.slipway.backup.postgres;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Composition;
import dev.slipway.backup.engine.Dumped;
import dev.slipway.backup.engine.Engine;
import dev.slipway.backup.engine.Job;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.engine.Scratch;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.Packing;
import dev.slipway.backup.program.Run;
import dev.slipway.backup.storage.Storage;
import dev.slipway.backup.stream.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// PostgreSQL: one snapshot, every row counted in it, the dump under the same snapshot.
public final class PostgresEngine implements Engine {
    private final PgClients clients;
    private final PostgresPrograms programs;
    private final Clock clock;

    public PostgresEngine(PgClients clients, PostgresPrograms programs, Clock clock) {
        this.clients = clients;
        this.programs = programs;
        this.clock = clock;
    }

    @Override
    public String content() {
        return Packing.POSTGRESQL;
    }

    @Override
    public String ending() {
        return ".dump";
    }

    /// pg_dump's own gzip is what pg_restore reads without anybody's help.
    @Override
    public Compression around(Storage.Method method) {
        return switch (method) {
            case ZSTD -> Compression.ZSTD;
            case GZIP -> Compression.NONE;
        };
    }

    /// The session ends with it: its snapshot holds the server back, and the locations may take their time.
    @Override
    public Dumped dump(Job job, Storage.Method method, OutputStream sink) throws BackupFault, InterruptedException {
        try (PostgresSession session = PostgresSession.open(job.source(), job.backup(), job.limits())) {
            PostgresSession.Facts facts = session.facts();
            PgClient client = clients.forServer(facts.major());
            // Read before the snapshot is taken: whoever asks for "nothing older" gets what they asked for.
            Instant snapshotAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
            String snapshot = session.snapshot();
            Run run = Run.current();
            run.begin(Run.Kind.COUNTING, 0);
            SortedMap<String, Long> rows = session.countRows();
            String schemaVersion = session.schemaVersion(rows.keySet());
            SortedMap<String, Long> kinds = PostgresObjects.kinds(session, job.source());
            List<String> sequences = PostgresObjects.sequences(session, job.source());
            SortedMap<String, Long> before = positions(job, sequences);
            run.begin(Run.Kind.DUMPING, 0, new PostgresTables(job.source(), job.backup(), job.limits()));
            programs.dump(
                    new PostgresPrograms.Dump(client, snapshot, method == Storage.Method.GZIP),
                    job.source(),
                    job.backup(),
                    job.limits(),
                    sink);
            return new Dumped(
                    snapshotAt,
                    facts.sizeBytes(),
                    facts.version(),
                    client.version(),
                    facts.encoding(),
                    facts.collation(),
                    facts.extensions(),
                    rows,
                    schemaVersion,
                    Composition.of(kinds, before, positions(job, sequences)),
                    List.of());
        }
    }

    /// In a session of its own: what is read in the snapshot's would stay locked until the dump is done.
    private static SortedMap<String, Long> positions(Job job, List<String> sequences) throws BackupFault {
        if (sequences.isEmpty()) {
            return Collections.emptySortedMap();
        }
        try (PostgresSession session = PostgresSession.open(job.source(), job.backup(), job.limits())) {
            return PostgresObjects.positions(session, sequences, job.source());
        }
    }

    @Override
    public byte[] roles(Job job, Dumped dumped) throws BackupFault, InterruptedException {
        return programs.roles(
                clients.forServer(major(dumped.serverVersion())), job.source(), job.backup(), job.limits());
    }

    @Override
    public void readToItsEnd(Archive archive, InputStream content, Limits limits)
            throws BackupFault, IOException, InterruptedException {
        programs.readToItsEnd(clients.forServer(archive.clientMajor()), content, limits);
    }

    @Override
    public Scratch scratch(Job job, Archive archive) throws BackupFault, InterruptedException {
        ScratchDatabase database = ScratchDatabase.create(job.source(), job.backup(), job.limits());
        return new PostgresScratch(job, archive, database);
    }

    @Override
    public void tidyUp(Job lost) throws BackupFault {
        programs.removeLeftovers(lost.backup());
        try (PostgresSession session = PostgresSession.open(lost.source(), lost.backup(), lost.limits())) {
            session.endSessionsOf(lost.backup());
            ScratchDatabase.drop(session, lost.source(), lost.backup());
        }
    }

    @Override
    public Collection<UUID> dropScratch(Job job, UnaryOperator<Set<UUID>> over) throws BackupFault {
        try (PostgresSession session = PostgresSession.open(job.source(), job.backup(), job.limits())) {
            Set<UUID> going = over.apply(Set.copyOf(ScratchDatabase.present(session)));
            for (UUID orphan : going) {
                ScratchDatabase.drop(session, job.source(), orphan);
            }
            return going;
        }
    }

    private static int major(String version) {
        return Integer.parseInt(version.replaceFirst("\\D.*", ""));
    }

    private final class PostgresScratch implements Scratch {
        private final Job job;
        private final Archive archive;
        private final ScratchDatabase database;

        PostgresScratch(Job job, Archive archive, ScratchDatabase database) {
            this.job = job;
            this.archive = archive;
            this.database = database;
        }

        @Override
        public Access access() {
            return database.access();
        }

        @Override
        public void restore(InputStream content) throws BackupFault, IOException, InterruptedException {
            PgClient client = clients.forServer(Math.max(database.serverMajor(), archive.clientMajor()));
            programs.restore(client, content, database, job.backup(), job.limits());
        }

        @Override
        public SortedMap<String, Long> countRows() throws BackupFault {
            try (PostgresSession session = PostgresSession.open(access(), job.backup(), job.limits())) {
                session.snapshot();
                return session.countRows();
            }
        }

        @Override
        public SortedMap<String, Long> composition() throws BackupFault {
            try (PostgresSession session = PostgresSession.open(access(), job.backup(), job.limits())) {
                return Composition.of(
                        PostgresObjects.kinds(session, access()),
                        PostgresObjects.positions(session, PostgresObjects.sequences(session, access()), access()));
            }
        }

        @Override
        public @Nullable String ask(String sql, Duration limit) throws BackupFault {
            try (PostgresSession session = PostgresSession.open(access(), job.backup(), job.limits())) {
                return session.ask(sql, limit);
            }
        }

        @Override
        public void close() throws BackupFault {
            database.close();
        }
    }
}
