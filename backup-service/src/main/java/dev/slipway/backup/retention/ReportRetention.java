package dev.slipway.backup.retention;

import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.Spans;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.retention.Expiries.Expiry;
import dev.slipway.backup.retention.Reports.Report;
import dev.slipway.backup.retention.Reports.Stock;
import dev.slipway.backup.watchdog.Trouble.Kind;
import dev.slipway.backup.watchdog.Troubles;
import dev.slipway.backup.watchdog.Troubles.Found;
import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.Ids;
import dev.slipway.events.RetentionReported;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Looks once a day whether retention works, and says so: what is kept, what was let go, and whether that is gone.
@Singleton
final class ReportRetention {
    /// What could not be removed for so long is told.
    private static final Duration PATIENCE = Duration.ofDays(1);

    private static final Duration EVERY = Duration.ofDays(1);
    private static final String NEXT_ACT =
            "see that the location answers and lets this service delete there, then run retention again";

    private final Reports reports;
    private final Expiries expiries;
    private final Databases databases;
    private final Troubles troubles;
    private final EventWriter events;
    private final Clock clock;

    ReportRetention(
            Reports reports,
            Expiries expiries,
            Databases databases,
            Troubles troubles,
            EventWriter events,
            Clock clock) {
        this.reports = reports;
        this.expiries = expiries;
        this.databases = databases;
        this.troubles = troubles;
        this.events = events;
        this.clock = clock;
    }

    /// Reports when the last report is a day old.
    void daily(Handle tx, DatabaseKey database, RetentionPolicy policy) {
        Optional<Report> last = reports.last(tx, database);
        // Neither a clock that is set back nor one that ran ahead keeps the next report away for long.
        if (last.isPresent() && Duration.between(last.get().at(), now()).abs().compareTo(EVERY) < 0) {
            return;
        }
        Instant since = last.map(Report::at).orElse(Instant.EPOCH);
        Stock stock = reports.stock(tx, database, since);
        List<Expiry> left = expiries.left(tx, database);
        Optional<Expiry> stuck = left.stream()
                .filter(expiry -> expiry.since().plus(PATIENCE).isBefore(now()))
                .findFirst();
        Report report = new Report(
                Ids.next(clock),
                now(),
                stock.kept(),
                stock.bytes(),
                stock.expired(),
                left.size(),
                stock.oldest(),
                stock.newest(),
                stuck.isEmpty(),
                stuck.map(expiry -> stuck(expiry, left.size())).orElseGet(() -> works(stock, left.size(), policy)));
        reports.add(tx, database, report);
        tell(tx, database, report);
    }

    private void tell(Handle tx, DatabaseKey database, Report report) {
        if (report.ok()) {
            troubles.end(tx, database, Kind.RETENTION, "", report.reason());
            databases
                    .environment(tx, database)
                    .ifPresent(environment -> events.write(
                            tx,
                            database.toString(),
                            database.toString(),
                            Ids.next(clock),
                            event(database, environment, report, null)));
        } else {
            troubles.tell(
                    tx,
                    new Found(database, Kind.RETENTION, "", report.reason(), NEXT_ACT),
                    environment -> event(database, environment, report, NEXT_ACT));
        }
    }

    private static RetentionReported event(
            DatabaseKey database, String environment, Report report, @Nullable String nextAct) {
        return new RetentionReported(
                database.application(),
                database.name(),
                environment,
                report.kept(),
                report.keptBytes(),
                report.expired(),
                report.leftOver(),
                report.oldest(),
                report.newest(),
                report.ok(),
                report.reason(),
                nextAct);
    }

    private static String works(Stock stock, int left, RetentionPolicy policy) {
        return "%d proved backups kept by %s; %s"
                .formatted(
                        stock.kept(),
                        policy.words(),
                        left == 0
                                ? "what was let go is gone"
                                : "%d copies of what was let go are about to be removed".formatted(left));
    }

    private String stuck(Expiry expiry, int left) {
        return "backup %s is to be removed from %s since %s and is still there after %d tries: %s (%d copies in all)"
                .formatted(
                        expiry.backup(),
                        expiry.location(),
                        Spans.words(Duration.between(expiry.since(), now())),
                        expiry.tries(),
                        expiry.fault() == null ? "not tried yet" : expiry.fault(),
                        left);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
