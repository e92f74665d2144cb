package dev.slipway.backup.drill;

import dev.slipway.backup.drill.Drill.State;
import dev.slipway.backup.engine.Composition.Compared;
import dev.slipway.backup.ledger.Spans;
import dev.slipway.backup.proof.DrillReport;
import dev.slipway.backup.proof.DrillReport.Checked;
import dev.slipway.backup.proof.DrillReport.Counted;
import io.quarkus.qute.TemplateInstance;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A drill as a page somebody can keep or show to an auditor (`templates/DrillPage.html`): no script, nothing loaded
/// from elsewhere, every value escaped. While the drill goes on the page loads itself anew.
///
/// @param says where the drill stands, in words
/// @param faults why it failed, and what it left behind
/// @param rows table by table; `rowsShown` says how many of all, where it is not all of them
/// @param others objects and sequences, likewise
public record DrillPage(
        String style,
        String title,
        boolean goesOn,
        String state,
        String says,
        List<Named> faults,
        List<Named> tiles,
        List<Part> phases,
        List<Own> checks,
        List<Row> rows,
        @Nullable String rowsShown,
        List<Row> others,
        @Nullable String othersShown,
        List<Named> facts)
        implements TemplateInstance {
    private static final String STYLE = read("/drill.css");

    /// Nothing but the style of the page.
    static final String POLICY =
            "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                    .formatted(hash(STYLE));

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final List<String> COLOURED = List.of("create", "restore", "compare", "check");

    /// A value and what it is called.
    public record Named(String name, String value) {}

    /// A phase as a part of the bar. @param from and `share` in percent of the bar
    public record Part(String kind, String name, String from, String share, String took) {}

    /// One of the user's own checks.
    public record Own(String mark, String sign, String name, String says, String took) {}

    /// Something that was compared. @param share of the largest one, in percent
    public record Row(String mark, String sign, String name, String share, String expected, String restored) {}

    static DrillPage of(Drill drill) {
        DrillReport report = drill.report();
        List<Counted> counts = report == null ? List.of() : report.counts();
        List<Compared> others = report == null ? List.of() : report.composition();
        return new DrillPage(
                STYLE,
                "Restore drill of %s".formatted(drill.database()),
                !drill.isOver(),
                drill.state().label(),
                says(drill.state()),
                report == null ? List.of() : faults(report),
                report == null ? List.of() : tiles(report),
                report == null ? List.of() : phases(report),
                report == null
                        ? List.of()
                        : report.checks().stream().map(DrillPage::own).toList(),
                rows(counts),
                report == null ? null : shown(counts.size(), report.tables()),
                others.stream().map(DrillPage::row).toList(),
                report == null ? null : shown(others.size(), report.objects()),
                facts(drill, report));
    }

    private static String says(State state) {
        return switch (state) {
            case WAITING -> "Waiting for its turn";
            case RUNNING -> "Being restored now";
            case PASSED -> "✓ Passed: this backup restores";
            case FAILED -> "✗ Failed";
        };
    }

    private static List<Named> faults(DrillReport report) {
        List<Named> faults = new ArrayList<>();
        if (report.reason() != null) {
            faults.add(new Named(report.reason().label(), String.valueOf(report.message())));
        }
        if (report.leftBehind() != null) {
            faults.add(new Named("The scratch database is still there", report.leftBehind()));
        }
        return faults;
    }

    private static List<Named> tiles(DrillReport report) {
        long good =
                report.checks().stream().filter(check -> check.fault() == null).count();
        return List.of(
                new Named("until all data was back", report.recovery() == null ? "—" : words(report.recovery())),
                new Named("rows in %s tables".formatted(number(report.tables())), number(report.rows())),
                new Named("other things compared", number(report.objects())),
                new Named(
                        "own checks true",
                        report.checks().isEmpty()
                                ? "—"
                                : "%d of %d".formatted(good, report.checks().size())));
    }

    private static List<Part> phases(DrillReport report) {
        double all = report.phases().stream()
                .mapToLong(phase -> phase.took().toNanos())
                .sum();
        List<Part> parts = new ArrayList<>();
        double from = 0;
        for (DrillReport.Phase phase : report.phases()) {
            double share = all == 0 ? 0 : 100 * phase.took().toNanos() / all;
            // What the style has a colour for.
            String kind = COLOURED.contains(phase.name()) ? phase.name() : "drop";
            parts.add(new Part(kind, phase.name(), percent(from), percent(share), words(phase.took())));
            from += share;
        }
        return parts;
    }

    private static Own own(Checked check) {
        boolean good = check.fault() == null;
        return new Own(
                mark(good),
                sign(good),
                check.name(),
                good ? "true" : String.valueOf(check.fault()),
                words(check.took()));
    }

    private static List<Row> rows(List<Counted> counts) {
        long most = counts.stream().mapToLong(DrillPage::size).max().orElse(0);
        return counts.stream()
                .map(counted -> new Row(
                        mark(!counted.differs()),
                        sign(!counted.differs()),
                        counted.table(),
                        percent(most == 0 ? 0 : 100.0 * size(counted) / most),
                        count(counted.expected()),
                        count(counted.restored())))
                .toList();
    }

    private static long size(Counted counted) {
        return counted.expected() == null ? 0 : counted.expected();
    }

    private static Row row(Compared one) {
        String expected = one.expected() == one.most()
                ? number(one.expected())
                : "%s to %s".formatted(number(one.expected()), number(one.most()));
        return new Row(
                mark(one.matches()), sign(one.matches()), one.what(), percent(0), expected, count(one.restored()));
    }

    private static List<Named> facts(Drill drill, @Nullable DrillReport report) {
        List<Named> facts =
                new ArrayList<>(List.of(new Named("Backup", drill.backup().toString())));
        if (report != null) {
            facts.add(new Named("Data as of", moment(report.snapshotAt())));
            facts.add(new Named("Began", moment(report.startedAt())));
            facts.add(new Named("Ended", moment(report.endedAt())));
        }
        facts.add(new Named("Asked for by", drill.by()));
        facts.add(new Named("Asked for at", moment(drill.requestedAt())));
        facts.add(new Named("Drill", drill.id().toString()));
        return facts;
    }

    private static @Nullable String shown(int shown, int all) {
        return shown < all ? "%s of %s".formatted(number(shown), number(all)) : null;
    }

    private static String mark(boolean good) {
        return good ? "passed" : "failed";
    }

    private static String sign(boolean good) {
        return good ? "✓" : "✗";
    }

    private static String count(@Nullable Long count) {
        return count == null ? "none" : number(count);
    }

    private static String moment(Instant at) {
        return MOMENT.format(at);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f", share);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', '\u202f');
    }

    private static String words(Duration took) {
        return took.compareTo(Duration.ofMinutes(1)) < 0
                ? String.format(Locale.ROOT, "%.2f s", took.toMillis() / 1e3)
                : Spans.words(took);
    }

    private static String read(String resource) {
        try (InputStream in = DrillPage.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
