package dev.slipway.monitor.incident;

import dev.slipway.eventing.EventHandler;
import dev.slipway.eventing.Handled;
import dev.slipway.events.BackupFailed;
import dev.slipway.events.BackupMissed;
import dev.slipway.events.BackupOverdue;
import dev.slipway.events.BackupRecovered;
import dev.slipway.events.Event;
import dev.slipway.events.RetentionReported;
import dev.slipway.events.ScheduleInactive;
import dev.slipway.monitor.incident.RaiseIncident.Cause;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Backups that people cannot rely on are incidents, one per database and cause, until word comes that they are good
/// again.
final class BackupHandlers {
    private BackupHandlers() {}

    private static String name(String cause, String application, String database, @Nullable String schedule) {
        String of = "backup-%s/%s/%s".formatted(cause, application, database);
        return schedule == null ? of : of + "/" + schedule;
    }

    private static String words(String application, String database, String reason, @Nullable String nextAct) {
        String what = "Backups of %s/%s: %s.".formatted(application, database, reason);
        return nextAct == null ? what : "%s Next: %s.".formatted(what, nextAct);
    }

    /// One that was not tried, for a release that asked for what there is not, is that release's trouble.
    @Singleton
    record OnFailed(RaiseIncident raise) implements EventHandler<BackupFailed> {
        @Override
        public Class<BackupFailed> type() {
            return BackupFailed.class;
        }

        @Override
        public Handled handle(Handle tx, Event<BackupFailed> event) {
            BackupFailed failed = event.data();
            String reason = "the last one failed (%s): %s".formatted(failed.reason(), failed.message());
            return Optional.ofNullable(failed.environment())
                    .map(environment -> raise.forCause(
                            tx,
                            new Cause(
                                    name("failed", failed.application(), failed.database(), null),
                                    failed.application(),
                                    environment),
                            event.chainId(),
                            words(failed.application(), failed.database(), reason, failed.nextAct()),
                            event.time()))
                    .orElseGet(() -> Handled.ignored("it was not tried: that is the trouble of who asked"));
        }
    }

    @Singleton
    record OnMissed(RaiseIncident raise) implements EventHandler<BackupMissed> {
        @Override
        public Class<BackupMissed> type() {
            return BackupMissed.class;
        }

        @Override
        public Handled handle(Handle tx, Event<BackupMissed> event) {
            BackupMissed missed = event.data();
            return raise.forCause(
                    tx,
                    new Cause(
                            name("missed", missed.application(), missed.database(), missed.schedule()),
                            missed.application(),
                            missed.environment()),
                    event.chainId(),
                    words(missed.application(), missed.database(), "missed: " + missed.reason(), missed.nextAct()),
                    event.time());
        }
    }

    @Singleton
    record OnOverdue(RaiseIncident raise) implements EventHandler<BackupOverdue> {
        @Override
        public Class<BackupOverdue> type() {
            return BackupOverdue.class;
        }

        @Override
        public Handled handle(Handle tx, Event<BackupOverdue> event) {
            BackupOverdue overdue = event.data();
            return raise.forCause(
                    tx,
                    new Cause(
                            name("overdue", overdue.application(), overdue.database(), null),
                            overdue.application(),
                            overdue.environment()),
                    event.chainId(),
                    words(overdue.application(), overdue.database(), overdue.reason(), overdue.nextAct()),
                    event.time());
        }
    }

    @Singleton
    record OnInactive(RaiseIncident raise) implements EventHandler<ScheduleInactive> {
        @Override
        public Class<ScheduleInactive> type() {
            return ScheduleInactive.class;
        }

        @Override
        public Handled handle(Handle tx, Event<ScheduleInactive> event) {
            ScheduleInactive still = event.data();
            return raise.forCause(
                    tx,
                    new Cause(
                            name("inactive", still.application(), still.database(), still.schedule()),
                            still.application(),
                            still.environment()),
                    event.chainId(),
                    words(
                            still.application(),
                            still.database(),
                            "the schedule %s starts nothing: %s".formatted(still.schedule(), still.reason()),
                            still.nextAct()),
                    event.time());
        }
    }

    @Singleton
    record OnRetention(RaiseIncident raise) implements EventHandler<RetentionReported> {
        @Override
        public Class<RetentionReported> type() {
            return RetentionReported.class;
        }

        @Override
        public Handled handle(Handle tx, Event<RetentionReported> event) {
            RetentionReported report = event.data();
            if (report.ok()) {
                return Handled.ignored("all is kept as it should be");
            }
            return raise.forCause(
                    tx,
                    new Cause(
                            name("retention", report.application(), report.database(), null),
                            report.application(),
                            report.environment()),
                    event.chainId(),
                    words(report.application(), report.database(), report.reason(), report.nextAct()),
                    event.time());
        }
    }

    @Singleton
    record OnRecovered(RaiseIncident raise) implements EventHandler<BackupRecovered> {
        @Override
        public Class<BackupRecovered> type() {
            return BackupRecovered.class;
        }

        @Override
        public Handled handle(Handle tx, Event<BackupRecovered> event) {
            BackupRecovered good = event.data();
            return raise.resolve(
                    tx, name(good.cause(), good.application(), good.database(), good.schedule()), event.time());
        }
    }
}
