package dev.slipway.backup.drill;

import dev.slipway.backup.drill.Drill.State;
import dev.slipway.backup.engine.Composition.Compared;
import dev.slipway.backup.ledger.Spans;
import dev.slipway.backup.proof.DrillReport;
import dev.slipway.backup.proof.DrillReport.Checked;
import dev.slipway.backup.proof.DrillReport.Counted;
import dev.slipway.backup.proof.DrillReport.Phase;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A drill as a page somebody can keep or show to an auditor: no script, nothing loaded from elsewhere, every value
/// escaped. While the drill goes on the page loads itself anew.
final class DrillPage {
    private static final String STYLE = """
            :root{color-scheme:light dark;--text:#1c2430;--faint:#5b6675;--line:#d8dde4;--card:#f5f7f9;--paper:#fff;
            --good:#17703a;--bad:#b3261e;--wait:#8a5a00;--create:#8fa3bf;--restore:#2f6fd0;--compare:#2a9d8f;--check:#9c6ade;--drop:#b9c0ca}
            @media (prefers-color-scheme:dark){:root{--text:#e6e9ee;--faint:#9aa6b5;--line:#333c48;--card:#1d242d;--paper:#141a21;
            --good:#4cc27d;--bad:#ff7b72;--wait:#e0b04a;--restore:#5b93ea}}
            *{box-sizing:border-box}
            body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:0 auto;padding:2rem 1rem 4rem;color:var(--text);background:var(--paper)}
            h1{font-size:1.5rem;line-height:1.25;margin:0 0 .25rem}h2{font-size:1.05rem;margin:2.25rem 0 .6rem}
            p{margin:.25rem 0}.faint{color:var(--faint)}
            .state{font-weight:600;font-size:1.05rem}.passed{color:var(--good)}.failed{color:var(--bad)}.waiting,.running{color:var(--wait)}
            .why{border-left:.3rem solid var(--bad);background:var(--card);padding:.6rem .9rem;margin:1rem 0;overflow-wrap:anywhere}
            .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.75rem;margin:1.25rem 0 0}
            .tile{background:var(--card);border-radius:.5rem;padding:.7rem .9rem}
            .tile b{display:block;font-size:1.45rem;line-height:1.2;font-variant-numeric:tabular-nums}
            svg{display:block;width:100%;border-radius:.3rem}.bar{height:1.6rem}.small{height:.5rem;width:8rem;margin-top:.5rem}
            .create{fill:var(--create)}.restore{fill:var(--restore)}.compare{fill:var(--compare)}.check{fill:var(--check)}.drop{fill:var(--drop)}
            .rows{fill:var(--restore)}.back{fill:var(--line)}
            .legend{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;margin:.5rem 0 0;padding:0;list-style:none}
            .legend svg{display:inline-block;width:.8rem;height:.8rem;vertical-align:-.05rem;margin-right:.4rem}
            .scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.95rem}
            th,td{text-align:left;padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
            thead th{color:var(--faint);font-weight:500;font-size:.85rem}tbody th{font-weight:500}
            .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.mark{width:2rem;white-space:nowrap}
            """;

    /// Nothing but the style above.
    static final String POLICY =
            "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                    .formatted(hash(STYLE));

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final StringBuilder html = new StringBuilder();

    private DrillPage() {}

    static String of(Drill drill) {
        return new DrillPage().write(drill);
    }

    private String write(Drill drill) {
        String title = "Restore drill of %s".formatted(drill.database());
        html.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
        if (!drill.isOver()) {
            html.append("<meta http-equiv=\"refresh\" content=\"3\">");
        }
        html.append("<title>").append(escaped(title)).append("</title><style>").append(STYLE);
        html.append("</style></head><body><h1>").append(escaped(title)).append("</h1>");
        state(drill.state());
        DrillReport report = drill.report();
        if (report != null) {
            why(report);
            tiles(report);
            phases(report);
            checks(report.checks());
            counts(report);
            rest(report);
        }
        about(drill, report);
        return html.append("</body></html>\n").toString();
    }

    private void state(State state) {
        String says = switch (state) {
            case WAITING -> "Waiting for its turn";
            case RUNNING -> "Being restored now";
            case PASSED -> "✓ Passed: this backup restores";
            case FAILED -> "✗ Failed";
        };
        html.append("<p class=\"state ")
                .append(state.label())
                .append("\">")
                .append(says)
                .append("</p>");
    }

    private void why(DrillReport report) {
        if (report.reason() != null) {
            html.append("<div class=\"why\"><b>")
                    .append(escaped(report.reason().label()))
                    .append("</b><p>")
                    .append(escaped(String.valueOf(report.message())))
                    .append("</p></div>");
        }
        if (report.leftBehind() != null) {
            html.append("<div class=\"why\"><b>The scratch database is still there</b><p>")
                    .append(escaped(report.leftBehind()))
                    .append("</p></div>");
        }
    }

    private void tiles(DrillReport report) {
        html.append("<div class=\"tiles\">");
        tile(report.recovery() == null ? "—" : words(report.recovery()), "until all data was back");
        tile(number(report.rows()), "rows in %s tables".formatted(number(report.tables())));
        tile(number(report.objects()), "other things compared");
        long good =
                report.checks().stream().filter(check -> check.fault() == null).count();
        tile(
                report.checks().isEmpty()
                        ? "—"
                        : "%d of %d".formatted(good, report.checks().size()),
                "own checks true");
        html.append("</div>");
    }

    private void tile(String value, String meaning) {
        html.append("<div class=\"tile\"><b>").append(escaped(value)).append("</b><span class=\"faint\">");
        html.append(escaped(meaning)).append("</span></div>");
    }

    private void phases(DrillReport report) {
        List<Phase> phases = report.phases();
        double all = phases.stream().mapToLong(phase -> phase.took().toNanos()).sum();
        if (all <= 0) {
            return;
        }
        html.append("<h2>Where the time went</h2><svg class=\"bar\" aria-hidden=\"true\">");
        double at = 0;
        for (Phase phase : phases) {
            double share = 100 * phase.took().toNanos() / all;
            rect(kind(phase), at, share);
            at += share;
        }
        html.append("</svg><ul class=\"legend\">");
        for (Phase phase : phases) {
            html.append("<li><svg aria-hidden=\"true\">");
            rect(kind(phase), 0, 100);
            html.append("</svg>")
                    .append(escaped(phase.name()))
                    .append(" <span class=\"faint\">")
                    .append(words(phase.took()))
                    .append("</span></li>");
        }
        html.append("</ul>");
    }

    /// What the style has a colour for.
    private static String kind(Phase phase) {
        return List.of("create", "restore", "compare", "check").contains(phase.name()) ? phase.name() : "drop";
    }

    private void rect(String kind, double at, double share) {
        html.append(String.format(
                Locale.ROOT, "<rect class=\"%s\" x=\"%.2f%%\" width=\"%.2f%%\" height=\"100%%\"/>", kind, at, share));
    }

    private void checks(List<Checked> checks) {
        if (checks.isEmpty()) {
            return;
        }
        html.append("<h2>Own checks</h2><div class=\"scroll\"><table><tbody>");
        for (Checked check : checks) {
            mark(check.fault() == null);
            html.append("<th scope=\"row\">").append(escaped(check.name())).append("</th><td>");
            html.append(check.fault() == null ? "true" : escaped(check.fault()));
            html.append("</td><td class=\"number faint\">")
                    .append(words(check.took()))
                    .append("</td></tr>");
        }
        html.append("</tbody></table></div>");
    }

    private void counts(DrillReport report) {
        if (report.counts().isEmpty()) {
            return;
        }
        long most = report.counts().stream().mapToLong(DrillPage::rows).max().orElse(0);
        heading("Rows", report.counts().size(), report.tables());
        html.append("<div class=\"scroll\"><table><thead><tr><td></td><th scope=\"col\">table</th><td></td>")
                .append("<th scope=\"col\" class=\"number\">in the snapshot</th>")
                .append("<th scope=\"col\" class=\"number\">restored</th></tr></thead><tbody>");
        for (Counted counted : report.counts()) {
            mark(!counted.differs());
            html.append("<th scope=\"row\">").append(escaped(counted.table())).append("</th><td>");
            html.append("<svg class=\"small\" aria-hidden=\"true\">");
            rect("back", 0, 100);
            rect("rows", 0, most == 0 ? 0 : 100.0 * rows(counted) / most);
            html.append("</svg></td>");
            numbers(counted.expected(), counted.restored());
        }
        html.append("</tbody></table></div>");
    }

    private void rest(DrillReport report) {
        if (report.composition().isEmpty()) {
            return;
        }
        heading("Objects and sequences", report.composition().size(), report.objects());
        html.append("<div class=\"scroll\"><table><thead><tr><td></td><th scope=\"col\">what</th>")
                .append("<th scope=\"col\" class=\"number\">in the snapshot</th>")
                .append("<th scope=\"col\" class=\"number\">restored</th></tr></thead><tbody>");
        for (Compared one : report.composition()) {
            mark(one.matches());
            html.append("<th scope=\"row\">").append(escaped(one.what())).append("</th>");
            if (one.expected() == one.most()) {
                numbers(one.expected(), one.restored());
            } else {
                html.append("<td class=\"number\">")
                        .append("%s to %s".formatted(number(one.expected()), number(one.most())))
                        .append("</td><td class=\"number\">")
                        .append(one.restored() == null ? "none" : number(one.restored()))
                        .append("</td></tr>");
            }
        }
        html.append("</tbody></table></div>");
    }

    private void heading(String what, int shown, int all) {
        html.append("<h2>").append(what);
        if (shown < all) {
            html.append(" <span class=\"faint\">").append("%s of %s".formatted(number(shown), number(all)));
            html.append("</span>");
        }
        html.append("</h2>");
    }

    private void mark(boolean good) {
        html.append("<tr><td class=\"mark ")
                .append(good ? "passed\">✓" : "failed\">✗")
                .append("</td>");
    }

    private void numbers(@Nullable Long expected, @Nullable Long restored) {
        for (Long count : new Long[] {expected, restored}) {
            html.append("<td class=\"number\">")
                    .append(count == null ? "none" : number(count))
                    .append("</td>");
        }
        html.append("</tr>");
    }

    private static long rows(Counted counted) {
        return counted.expected() == null ? 0 : counted.expected();
    }

    private void about(Drill drill, @Nullable DrillReport report) {
        html.append("<h2>About this drill</h2><div class=\"scroll\"><table><tbody>");
        row("Backup", drill.backup().toString());
        if (report != null) {
            row("Data as of", moment(report.snapshotAt()));
            row("Began", moment(report.startedAt()));
            row("Ended", moment(report.endedAt()));
        }
        row("Asked for by", drill.by());
        row("Asked for at", moment(drill.requestedAt()));
        row("Drill", drill.id().toString());
        html.append("</tbody></table></div>");
    }

    private void row(String name, String value) {
        html.append("<tr><th scope=\"row\">").append(name).append("</th><td>");
        html.append(escaped(value)).append("</td></tr>");
    }

    private static String moment(Instant at) {
        return MOMENT.format(at);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', '\u202f');
    }

    private static String words(Duration took) {
        return took.compareTo(Duration.ofMinutes(1)) < 0
                ? String.format(Locale.ROOT, "%.2f s", took.toMillis() / 1e3)
                : Spans.words(took);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
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
