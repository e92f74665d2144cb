package dev.slipway.backup.mariadb;

import dev.slipway.backup.engine.Composition;
import dev.slipway.backup.engine.Dumped;
import dev.slipway.backup.engine.Engine;
import dev.slipway.backup.engine.Job;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.engine.Scratch;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Packing;
import dev.slipway.backup.program.Run;
import dev.slipway.backup.storage.Storage;
import dev.slipway.backup.stream.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// MariaDB and MySQL. Their dump programs end well although they left out what the account may not see, so what a dump
/// holds is compared with what the database has; and rows are counted twice: in the same moment on the server, and in
/// the dump as it passes.
public final class MariadbEngine implements Engine {
    private static final int DIFFERENCES_TOLD = 3;

    private final DumpClients clients;
    private final MariadbPrograms programs;
    private final Clock clock;

    public MariadbEngine(DumpClients clients, MariadbPrograms programs, Clock clock) {
        this.clients = clients;
        this.programs = programs;
        this.clock = clock;
    }

    @Override
    public String content() {
        return Packing.SQL;
    }

    @Override
    public String ending() {
        return ".sql";
    }

    @Override
    public Compression around(Storage.Method method) {
        return switch (method) {
            case ZSTD -> Compression.ZSTD;
            case GZIP -> Compression.GZIP;
        };
    }

    @Override
    public Dumped dump(Job job, Storage.Method method, OutputStream sink) throws BackupFault, InterruptedException {
        try (MariadbSession session = MariadbSession.open(job);
                MariadbSession shapes = MariadbSession.openServer(job.source(), job.limits())) {
            MariadbSession.Facts facts = session.facts();
            DumpClient client = clients.forServer(session.isMariadb(), DumpClient.Release.of(session.version()));
            List<String> notes = new ArrayList<>();
            // Read before the snapshot is taken: whoever asks for "nothing older" gets what they asked for.
            Instant snapshotAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
            Inventory.requireSight(session);
            // In a session of its own, before anybody is kept from writing: of thousands of tables it takes seconds.
            shapes.holdShapes();
            SortedMap<String, Long> before = Positions.of(session, job.source().database());
            boolean held = session.holdWrites();
            DumpContents contents = new DumpContents();
            Inventory has;
            try (OneMoment moment =
                    new OneMoment(session, sink, contents, held, job.limits().lockWait())) {
                session.beginSnapshot();
                has = Inventory.of(session);
                programs.dump(client, job, moment);
                requireWhole(job, contents, moment);
            }
            SortedMap<String, Long> rows = compare(session, has, contents, held);
            note(notes, has, held);
            return new Dumped(
                    snapshotAt,
                    facts.sizeBytes(),
                    session.version(),
                    client.version(),
                    facts.encoding(),
                    facts.collation(),
                    new TreeMap<>(),
                    rows,
                    null,
                    Composition.of(
                            contents.objects(),
                            before,
                            Positions.of(session, job.source().database())),
                    notes);
        }
    }

    private static void requireWhole(Job job, DumpContents contents, OneMoment moment) throws BackupFault {
        try {
            boolean whole = moment.finish();
            if (contents.refused() != null) {
                throw new BackupFault(
                        FailureReason.ACCESS_DENIED, "dumping %s: %s".formatted(job.source(), contents.refused()));
            }
            if (!whole || !contents.isComplete()) {
                throw new BackupFault(
                        FailureReason.DUMP_FAILED,
                        "dumping %s: the dump does not say that it is complete".formatted(job.source()));
            }
        } catch (IOException e) {
            throw new BackupFault(
                    FailureReason.DUMP_FAILED, "dumping %s: %s".formatted(job.source(), e.getMessage()), e);
        }
    }

    /// @return the rows of every table
    /// @throws BackupFault `objects-missing`, or `dump-failed` when the dump has not the rows of the snapshot
    private static SortedMap<String, Long> compare(
            MariadbSession session, Inventory has, DumpContents contents, boolean held) throws BackupFault {
        List<String> lost = new ArrayList<>();
        has.tables().keySet().stream()
                .filter(table -> !contents.tables().containsKey(table))
                .forEach(table -> lost.add("table " + table));
        lost.addAll(Objects.differences(has.objects(), "the database", contents.objects(), "the dump"));
        if (!lost.isEmpty()) {
            throw new BackupFault(
                    FailureReason.OBJECTS_MISSING,
                    "the dump of %s is not what is there: %s".formatted(session.access(), some(lost)));
        }
        if (held) {
            List<String> wrong = differences(session.countRows(has.inSnapshot()), "the snapshot", contents.tables());
            if (!wrong.isEmpty()) {
                throw new BackupFault(
                        FailureReason.DUMP_FAILED, "the dump of %s: %s".formatted(session.access(), some(wrong)));
            }
        }
        return contents.tables();
    }

    private static void note(List<String> notes, Inventory has, boolean held) {
        if (!has.outsideSnapshot().isEmpty()) {
            notes.add("not of one moment with the rest, since their engine knows no transactions: "
                    + String.join(", ", has.outsideSnapshot()));
        }
        if (!held) {
            notes.add("rows counted in the dump only, not on the server in the same moment: the account lacks RELOAD");
        }
    }

    @Override
    public byte[] roles(Job job, Dumped dumped) throws BackupFault {
        return Accounts.of(job);
    }

    /// Its footer, and everything its manifest says that it holds.
    @Override
    public void readToItsEnd(Archive archive, InputStream content, Limits limits) throws BackupFault, IOException {
        DumpContents contents = new DumpContents();
        DumpScan scan = new DumpScan(contents);
        content.transferTo(Run.current().passing(scan));
        List<String> wrong = new ArrayList<>();
        if (!scan.finish() || !contents.isComplete()) {
            wrong.add("it does not say that it is complete");
        }
        wrong.addAll(Objects.differences(
                Composition.kinds(archive.details().objects()), "its manifest", contents.objects(), "the archive"));
        wrong.addAll(differences(archive.tables(), "its manifest", contents.tables()));
        if (!wrong.isEmpty()) {
            throw new BackupFault(FailureReason.ARCHIVE_DAMAGED, "reading the archive to its end: " + some(wrong));
        }
    }

    @Override
    public Scratch scratch(Job job, Archive archive) throws BackupFault, InterruptedException {
        return ScratchSchema.create(job, archive, clients, programs);
    }

    @Override
    public void tidyUp(Job lost) throws BackupFault {
        programs.removeLeftovers(lost.backup());
        try (MariadbSession session = MariadbSession.openServer(lost.source(), lost.limits())) {
            session.endSessionOf(lost.backup());
            ScratchSchema.drop(session, lost.source(), lost.backup());
        }
    }

    @Override
    public Collection<UUID> dropScratch(Job job, UnaryOperator<Set<UUID>> over) throws BackupFault {
        try (MariadbSession session = MariadbSession.openServer(job.source(), job.limits())) {
            Set<UUID> going = over.apply(Set.copyOf(ScratchSchema.present(session)));
            for (UUID orphan : going) {
                ScratchSchema.drop(session, job.source(), orphan);
            }
            return going;
        }
    }

    private static List<String> differences(Map<String, Long> counted, String where, Map<String, Long> dumped) {
        return counted.entrySet().stream()
                .filter(table -> !table.getValue().equals(dumped.get(table.getKey())))
                .map(table -> "table %s: %d rows in %s, %s in the dump"
                        .formatted(table.getKey(), table.getValue(), where, dumped.get(table.getKey())))
                .toList();
    }

    private static String some(List<String> all) {
        int untold = all.size() - DIFFERENCES_TOLD;
        return String.join("; ", all.subList(0, Math.min(all.size(), DIFFERENCES_TOLD)))
                + (untold > 0 ? " and %d more".formatted(untold) : "");
    }
}
