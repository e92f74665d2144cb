package dev.slipway.backup.proof;

import dev.slipway.backup.engine.Composition;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.proof.DrillReport.Checked;
import dev.slipway.backup.proof.DrillReport.Counted;
import dev.slipway.backup.proof.DrillReport.Phase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What is known of a drill so far. Its times are measured, not taken from a clock that may be set meanwhile.
final class Course {
    private final Copies copies;
    private final Clock clock;
    private final Instant begun;
    private final List<Phase> phases = new ArrayList<>();
    private final List<Checked> checks = new ArrayList<>();
    private List<Counted> counts = List.of();
    private List<Composition.Compared> composition = List.of();
    private int objects;
    private final long begunNanos = System.nanoTime();
    private long sinceNanos = begunNanos;
    private @Nullable String phase;
    private @Nullable Duration recovery;
    private @Nullable String leftBehind;

    Course(Copies copies, Clock clock) {
        this.copies = copies;
        this.clock = clock;
        this.begun = clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /// Ends the phase before.
    void begin(String next) {
        long now = System.nanoTime();
        if (phase != null) {
            phases.add(new Phase(phase, between(sinceNanos, now)));
        }
        phase = next;
        sinceNanos = now;
    }

    void recovered() {
        recovery = between(begunNanos, System.nanoTime());
    }

    void counted(SortedMap<String, Long> expected, SortedMap<String, Long> restored) {
        TreeSet<String> tables = new TreeSet<>(expected.keySet());
        tables.addAll(restored.keySet());
        counts = tables.stream()
                .map(table -> new Counted(table, expected.get(table), restored.get(table)))
                .sorted(Comparator.comparing((Counted one) -> !one.differs())
                        .thenComparing(one -> one.expected() == null ? 0L : one.expected(), Comparator.reverseOrder())
                        .thenComparing(Counted::table))
                .limit(DrillReport.MOST_TOLD)
                .toList();
    }

    void compared(List<Composition.Compared> all) {
        objects = all.size();
        composition = all.stream()
                .sorted(Comparator.comparing(Composition.Compared::matches))
                .limit(DrillReport.MOST_TOLD)
                .toList();
    }

    /// @param fault null when it is true
    void checked(String name, long sinceNanos, @Nullable String fault) {
        checks.add(new Checked(name, between(sinceNanos, System.nanoTime()), fault));
    }

    /// The checks that are not true, in words.
    List<String> untrue() {
        return checks.stream()
                .filter(check -> check.fault() != null)
                .map(check -> "the check '%s' is not true: %s".formatted(check.name(), check.fault()))
                .toList();
    }

    void left(String why) {
        leftBehind = why;
    }

    /// @param fault what made it fail; null when nothing did
    DrillReport report(@Nullable BackupFault fault) {
        begin("");
        Instant ended = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Archive archive = copies.archive();
        return new DrillReport(
                copies.backup(),
                archive.snapshotAt(),
                begun,
                ended,
                fault == null ? null : fault.reason(),
                fault == null ? null : fault.getMessage(),
                phases,
                recovery,
                archive.tables().size(),
                archive.totalRows(),
                objects,
                counts,
                composition,
                checks,
                leftBehind);
    }

    private static Duration between(long fromNanos, long toNanos) {
        return Duration.ofNanos(toNanos - fromNanos).truncatedTo(ChronoUnit.MICROS);
    }
}
