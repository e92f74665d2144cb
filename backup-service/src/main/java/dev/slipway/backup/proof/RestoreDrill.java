package dev.slipway.backup.proof;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Composition;
import dev.slipway.backup.engine.Engines;
import dev.slipway.backup.engine.Job;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.engine.Scratch;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.program.Run;
import dev.slipway.backup.proof.DrillReport.Phase;
import dev.slipway.backup.stream.Unpacked;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import org.jboss.logging.Logger;

/// Proves a backup by the only thing it is for: restores it, into a scratch database on the same server, compares the
/// rows of every table, the kinds of objects and the sequences with those seen in the snapshot, and asks the user's own
/// questions. The scratch database is dropped whatever happens.
public final class RestoreDrill {
    private static final Logger LOG = Logger.getLogger(RestoreDrill.class);
    private static final int DIFFERENCES_TOLD = 3;

    private final Engines engines;
    private final Clock clock;

    public RestoreDrill(Engines engines, Clock clock) {
        this.engines = engines;
        this.clock = clock;
    }

    /// Restores the archive and looks at what came back.
    ///
    /// @return what was found, also when that is a failure
    public DrillReport drill(Copies copies, Access source, List<Check> checks, Limits limits)
            throws InterruptedException {
        Archive archive = copies.archive();
        Course course = new Course(copies, clock);
        Run.current().begin(Run.Kind.RESTORING, archive.packing().plainBytes());
        course.begin("create");
        try {
            Scratch scratch = engines.of(archive).scratch(new Job(copies.backup(), source, limits), archive);
            try {
                prove(copies, checks, scratch, course);
            } finally {
                drop(scratch, course);
            }
            return course.report(null);
        } catch (BackupFault fault) {
            return course.report(fault);
        }
    }

    private static void prove(Copies copies, List<Check> checks, Scratch scratch, Course course)
            throws BackupFault, InterruptedException {
        course.begin("restore");
        restore(copies, scratch);
        course.recovered();
        course.begin("compare");
        compareRows(copies.archive(), scratch.countRows(), course);
        compareRest(copies.archive(), scratch, course);
        if (!checks.isEmpty()) {
            course.begin("check");
            ask(checks, scratch, course);
        }
    }

    /// A server that went away meanwhile does not make a backup a bad one.
    private static void drop(Scratch scratch, Course course) {
        course.begin("drop");
        try {
            scratch.close();
        } catch (BackupFault e) {
            LOG.warnf("scratch database left behind %s: %s", scratch.access(), e.getMessage());
            course.left(String.valueOf(e.getMessage()));
        }
    }

    /// What a drill proves of the backup.
    ///
    /// @throws BackupFault when it failed
    public static Proof proof(DrillReport report) throws BackupFault {
        if (report.reason() != null) {
            throw new BackupFault(report.reason(), String.valueOf(report.message()));
        }
        String checks = report.checks().isEmpty()
                ? ""
                : "; %d of its own checks are true".formatted(report.checks().size());
        return new Proof(
                ProofKind.RESTORE,
                report.endedAt(),
                report.phases().stream().map(Phase::took).reduce(Duration.ZERO, Duration::plus),
                "restored into a scratch database: %d tables, %d rows, each table equal to the snapshot%s"
                        .formatted(report.tables(), report.rows(), checks));
    }

    private static void restore(Copies copies, Scratch scratch) throws BackupFault, InterruptedException {
        try (Unpacked archive = copies.open()) {
            scratch.restore(Run.current().untilStopped(archive));
        } catch (IOException e) {
            throw Readback.fault(e, "restoring into " + scratch.access());
        }
    }

    private static void compareRows(Archive archive, SortedMap<String, Long> restored, Course course)
            throws BackupFault {
        course.counted(archive.tables(), restored);
        throwIfAny(archive.differences(restored), FailureReason.COUNTS_DIFFER);
    }

    private static void compareRest(Archive archive, Scratch scratch, Course course) throws BackupFault {
        SortedMap<String, Long> seen = archive.details().objects();
        if (seen.isEmpty()) {
            return;
        }
        List<Composition.Compared> compared = Composition.compare(seen, scratch.composition());
        course.compared(compared);
        throwIfAny(
                compared.stream()
                        .filter(one -> !one.matches())
                        .map(Composition.Compared::toString)
                        .toList(),
                FailureReason.OBJECTS_MISSING);
    }

    private static void throwIfAny(List<String> differences, FailureReason reason) throws BackupFault {
        if (!differences.isEmpty()) {
            int untold = differences.size() - DIFFERENCES_TOLD;
            throw new BackupFault(
                    reason,
                    String.join("; ", differences.subList(0, Math.min(differences.size(), DIFFERENCES_TOLD)))
                            + (untold > 0 ? " and %d more".formatted(untold) : ""));
        }
    }

    /// All of them, also after one that is not true: whoever looks wants to know the rest.
    private static void ask(List<Check> checks, Scratch scratch, Course course) throws BackupFault {
        for (Check check : checks) {
            long since = System.nanoTime();
            course.checked(check.name(), since, scratch.ask(check.sql(), check.limit()));
        }
        throwIfAny(course.untrue(), FailureReason.CHECK_FAILED);
    }
}
