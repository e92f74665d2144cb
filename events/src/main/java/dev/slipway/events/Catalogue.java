package dev.slipway.events;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Everything the services say to one another: the one list that the codec, the schemas, the examples, the consumers
/// and the documents are held against.
public final class Catalogue {
    public static final String DEPLOY = "deploy-service";
    public static final String BACKUP = "backup-service";
    public static final String MONITOR = "monitor-service";
    public static final String NOTIFY = "notify-service";

    /// Said by any of them.
    public static final String EACH = "each service";

    /// What the sources of the services' events begin with.
    public static final String SOURCE = "/slipway/";

    /// What the types begin with that CDEvents does not have.
    static final String CUSTOM = "dev.cdeventsx.";

    private static final String RELEASE_ID = "release id";
    private static final String DATABASE = "application/database";
    private static final String RELEASE_OR_DATABASE = "release id, or " + DATABASE;
    private static final String RELEASE_OR_APPLICATION = "release id, or application";

    private static final Map<Class<? extends EventData>, Entry> BY_DATA = new LinkedHashMap<>();
    private static final Map<String, Entry> BY_TYPE = new LinkedHashMap<>();

    static {
        custom("candidate.accepted", CandidateAccepted.class, DEPLOY, Topics.RELEASES, "candidate id", NOTIFY);
        standard("pipelinerun.queued", "0.3.0", ReleaseQueued.class, DEPLOY, Topics.RELEASES, RELEASE_ID, NOTIFY);
        custom("release.gated", ReleaseGated.class, DEPLOY, Topics.RELEASES, RELEASE_ID, NOTIFY);
        custom("release.approved", ApprovalGiven.class, DEPLOY, Topics.RELEASES, RELEASE_ID, NOTIFY);
        standard(
                "pipelinerun.started",
                "0.3.0",
                ReleaseStarted.class,
                DEPLOY,
                Topics.RELEASES,
                RELEASE_ID,
                MONITOR,
                NOTIFY);
        custom("release.noticeRequested", NoticeRequested.class, DEPLOY, Topics.RELEASES, RELEASE_ID, NOTIFY);
        standard("environment.modified", "0.3.0", MaintenanceSwitched.class, DEPLOY, Topics.RELEASES, RELEASE_ID);
        custom("release.backupRequested", BackupRequested.class, DEPLOY, Topics.RELEASES, RELEASE_ID, BACKUP);
        custom("release.stepFinished", StepFinished.class, DEPLOY, Topics.RELEASES, RELEASE_ID);
        standard("service.deployed", "0.3.0", ServiceDeployed.class, DEPLOY, Topics.RELEASES, RELEASE_ID);
        standard("testsuiterun.started", "0.3.0", SmokeTestsStarted.class, DEPLOY, Topics.RELEASES, RELEASE_ID);
        standard("testsuiterun.finished", "0.3.0", SmokeTestsFinished.class, DEPLOY, Topics.RELEASES, RELEASE_ID);
        custom("release.trafficShifted", TrafficShifted.class, DEPLOY, Topics.RELEASES, RELEASE_ID, MONITOR);
        standard("service.upgraded", "0.3.0", ServiceUpgraded.class, DEPLOY, Topics.RELEASES, RELEASE_ID);
        custom("release.rollingBack", ReleaseRollingBack.class, DEPLOY, Topics.RELEASES, RELEASE_ID, MONITOR, NOTIFY);
        standard("service.rolledback", "0.3.0", ServiceRolledBack.class, DEPLOY, Topics.RELEASES, RELEASE_ID);
        custom("release.held", ReleaseHeld.class, DEPLOY, Topics.RELEASES, RELEASE_ID, NOTIFY);
        standard(
                "pipelinerun.finished",
                "0.3.0",
                ReleaseFinished.class,
                DEPLOY,
                Topics.RELEASES,
                RELEASE_ID,
                BACKUP,
                MONITOR,
                NOTIFY);
        custom("backup.started", BackupStarted.class, BACKUP, Topics.BACKUPS, RELEASE_OR_DATABASE);
        custom("backup.verified", BackupVerified.class, BACKUP, Topics.BACKUPS, RELEASE_OR_DATABASE, DEPLOY);
        custom(
                "backup.failed",
                BackupFailed.class,
                BACKUP,
                Topics.BACKUPS,
                RELEASE_OR_DATABASE,
                DEPLOY,
                MONITOR,
                NOTIFY);
        custom("backup.progressed", BackupProgressed.class, BACKUP, Topics.BACKUPS, RELEASE_OR_DATABASE);
        custom("backup.cancelled", BackupCancelled.class, BACKUP, Topics.BACKUPS, RELEASE_OR_DATABASE);
        custom("backup.incomplete", BackupIncomplete.class, BACKUP, Topics.BACKUPS, DATABASE);
        custom("backup.doubted", BackupDoubted.class, BACKUP, Topics.BACKUPS, DATABASE);
        custom("backup.copied", BackupCopied.class, BACKUP, Topics.BACKUPS, DATABASE);
        custom("backup.missed", BackupMissed.class, BACKUP, Topics.BACKUPS, DATABASE, MONITOR);
        custom("backup.overdue", BackupOverdue.class, BACKUP, Topics.BACKUPS, DATABASE, MONITOR);
        custom("schedule.inactive", ScheduleInactive.class, BACKUP, Topics.BACKUPS, DATABASE, MONITOR);
        custom("backup.recovered", BackupRecovered.class, BACKUP, Topics.BACKUPS, DATABASE, MONITOR);
        custom("retention.reported", RetentionReported.class, BACKUP, Topics.BACKUPS, DATABASE, MONITOR);
        custom("watch.stepPassed", WatchStepPassed.class, MONITOR, Topics.WATCH, RELEASE_ID, DEPLOY);
        custom("watch.held", WatchHeld.class, MONITOR, Topics.WATCH, RELEASE_ID, DEPLOY, NOTIFY);
        custom("watch.rollbackRequested", RollbackRequested.class, MONITOR, Topics.WATCH, RELEASE_ID, DEPLOY);
        custom("watch.finished", WatchFinished.class, MONITOR, Topics.WATCH, RELEASE_ID, DEPLOY);
        standard(
                "incident.detected",
                "0.3.0",
                IncidentDetected.class,
                MONITOR,
                Topics.WATCH,
                RELEASE_OR_APPLICATION,
                NOTIFY);
        custom("notice.delivered", NoticeDelivered.class, NOTIFY, Topics.NOTICES, RELEASE_OR_APPLICATION, DEPLOY);
        custom("notice.failed", NoticeFailed.class, NOTIFY, Topics.NOTICES, RELEASE_OR_APPLICATION, DEPLOY);
        custom("token.changed", TokenChanged.class, DEPLOY, Topics.ACCESS, "token id");
        custom("token.used", TokenUsed.class, EACH, Topics.ACCESS, "token id/service");
    }

    private Catalogue() {}

    /// One kind of event.
    ///
    /// @param type full CDEvents type with its version
    /// @param data the record that carries it
    /// @param producer the one service that says it, or [#EACH]
    /// @param topic where
    /// @param key what the Kafka key holds: events with one key keep their order
    /// @param consumers the services that act on it; nobody else may subscribe. None on [Topics#ACCESS]: that is
    /// no queue of things to do, but read from its beginning and kept in memory by every service
    public record Entry(
            String type,
            Class<? extends EventData> data,
            String producer,
            String topic,
            String key,
            Set<String> consumers) {

        /// Whether a source is who the catalogue says this comes from.
        public boolean isSaidBy(String source) {
            return producer.equals(EACH)
                    ? Stream.of(DEPLOY, BACKUP, MONITOR, NOTIFY).anyMatch(each -> source.equals(SOURCE + each))
                    : source.equals(SOURCE + producer);
        }
    }

    public static Collection<Entry> entries() {
        return BY_TYPE.values();
    }

    /// The entry of a record of this module.
    /// @throws IllegalArgumentException when the record is not in the catalogue
    public static Entry of(Class<? extends EventData> data) {
        Entry entry = BY_DATA.get(data);
        if (entry == null) {
            throw new IllegalArgumentException(data + " is not in the catalogue");
        }
        return entry;
    }

    public static Optional<Entry> ofType(String type) {
        return Optional.ofNullable(BY_TYPE.get(type));
    }

    private static void custom(
            String name,
            Class<? extends EventData.Custom> data,
            String producer,
            String topic,
            String key,
            String... consumers) {
        add(new Entry(CUSTOM + "slipway-" + name + ".0.1.0", data, producer, topic, key, Set.of(consumers)));
    }

    private static void standard(
            String name,
            String version,
            Class<? extends EventData.Standard> data,
            String producer,
            String topic,
            String key,
            String... consumers) {
        add(new Entry("dev.cdevents." + name + "." + version, data, producer, topic, key, Set.of(consumers)));
    }

    private static void add(Entry entry) {
        if (BY_TYPE.put(entry.type(), entry) != null || BY_DATA.put(entry.data(), entry) != null) {
            throw new IllegalStateException("twice in the catalogue: " + entry);
        }
    }
}
