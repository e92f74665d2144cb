package dev.slipway.events;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// One example of every kind of event, from one story: the shop's second version goes to production, the third is
/// called back.
final class ExampleEvents {
    private static final Instant AT = Instant.parse("2026-03-01T10:15:30.123456Z");
    private static final UUID CANDIDATE = id(1);
    private static final UUID RELEASE = id(2);
    private static final UUID STEP = id(3);
    private static final UUID BACKUP = id(4);
    private static final UUID INCIDENT = id(5);
    private static final UUID NOTICE = id(6);
    private static final UUID TOKEN = id(7);
    private static final String COMMIT = "5f0c3d0a9be1c9d0e6a4b7f2a1d3c4e5f6a7b8c9";
    private static final String ARTIFACT = "pkg:generic/shop@" + COMMIT;
    private static final String ENVIRONMENT = "shop/production";
    private static final ReleaseRef REF = new ReleaseRef(
            RELEASE,
            "shop",
            ENVIRONMENT,
            2,
            "normal",
            COMMIT,
            COMMIT,
            ARTIFACT,
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
    private static final WatchCounts COUNTS = new WatchCounts(204, 41, 1830, 2);
    private static final EnvironmentId ENVIRONMENT_ID = new EnvironmentId(ENVIRONMENT);
    private static final NoticeDelivered.Message MESSAGE = new NoticeDelivered.Message(NOTICE, "customers", "email");
    private static final SmokeTestsStarted.TestSuite SUITE = new SmokeTestsStarted.TestSuite("orders", "orders");

    private ExampleEvents() {}

    static List<Event<?>> all() {
        return Stream.of(ofReleases(), ofBackups(), ofWatches(), ofNotices(), ofAccess())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Event<?>> ofReleases() {
        return List.of(
                event(
                        10,
                        CANDIDATE,
                        new CandidateAccepted(
                                CANDIDATE,
                                "shop",
                                COMMIT,
                                "main",
                                ARTIFACT,
                                "rita",
                                "rita",
                                "https://ci.example/runs/1")),
                event(11, RELEASE, new ReleaseQueued(run(null, null), new ReleaseQueued.Facts(REF))),
                event(
                        12,
                        RELEASE,
                        new ReleaseGated(
                                REF,
                                false,
                                List.of(
                                        new GateAnswered(
                                                "soak",
                                                "hold",
                                                "soaking in staging until 10:16:00Z",
                                                AT.plusSeconds(30)),
                                        new GateAnswered("approvals", "open", "technical-lead: tom", null)))),
                event(13, RELEASE, new ApprovalGiven(REF, "technical-lead", "tom", AT, "looked at the migration")),
                event(
                        14,
                        RELEASE,
                        new ReleaseStarted(
                                run(null, null),
                                new ReleaseStarted.Facts(
                                        REF, List.of(new ReleaseStarted.PlannedStep(STEP, "back up shop", "backup"))))),
                event(
                        15,
                        RELEASE,
                        new NoticeRequested(
                                STEP, REF, "release-started", Map.of("expectedDowntime", "PT2M"), AT.plusSeconds(30))),
                event(
                        16,
                        ENVIRONMENT,
                        new MaintenanceSwitched(
                                new MaintenanceSwitched.Content(ENVIRONMENT, null),
                                new MaintenanceSwitched.Facts(REF, true))),
                event(
                        17,
                        RELEASE,
                        new BackupRequested(
                                STEP, REF, "shop", Duration.ofHours(2), AT, 1, "restore", AT.plusSeconds(90))),
                event(
                        18,
                        RELEASE,
                        new StepFinished(
                                REF,
                                STEP,
                                "back up shop",
                                "backup",
                                "done",
                                "backup of 10:15:31Z, 1,204 rows, restored",
                                AT,
                                AT.plusSeconds(4))),
                event(
                        19,
                        "shop",
                        new ServiceDeployed(
                                new ServiceChange(ENVIRONMENT_ID, ARTIFACT), new ServiceChange.Facts(REF, "green"))),
                event(
                        20,
                        STEP,
                        new SmokeTestsStarted(
                                new SmokeTestsStarted.Content(ENVIRONMENT_ID, SUITE),
                                new SmokeTestsStarted.Facts(REF, "green"))),
                event(
                        21,
                        STEP,
                        new SmokeTestsFinished(
                                new SmokeTestsFinished.Content(ENVIRONMENT_ID, SUITE, "success", null),
                                new SmokeTestsFinished.Facts(REF, "green", 4, List.of()))),
                event(
                        22,
                        RELEASE,
                        new TrafficShifted(
                                REF,
                                STEP,
                                10,
                                Map.of("blue", 90, "green", 10),
                                AT,
                                new TrafficShifted.Side(COMMIT, "green"),
                                new TrafficShifted.Side("1.0.0", "blue"),
                                Duration.ofSeconds(15),
                                Duration.ofMinutes(5),
                                "hold",
                                null)),
                event(
                        23,
                        "shop",
                        new ServiceUpgraded(
                                new ServiceChange(ENVIRONMENT_ID, ARTIFACT), new ServiceChange.Facts(REF, "green"))),
                event(
                        24,
                        RELEASE,
                        new ReleaseRollingBack(
                                REF, "errors: 20.1 % beside 0.1 %", "watch", List.of("traffic back to blue"))),
                event(
                        25,
                        "shop",
                        new ServiceRolledBack(
                                new ServiceChange(ENVIRONMENT_ID, "pkg:generic/shop@1.0.0"),
                                new ServiceChange.Facts(REF, "blue"))),
                event(
                        26,
                        RELEASE,
                        new ReleaseHeld(
                                REF,
                                "traffic 10 %: no verdict after PT5M",
                                List.of("resume", "rollback"),
                                AT.plusSeconds(3600))),
                event(
                        27,
                        RELEASE,
                        new ReleaseFinished(
                                run("failure", "errors: 20.1 % beside 0.1 %"),
                                new ReleaseFinished.Facts(
                                        REF,
                                        "rolledBack",
                                        "called back by the watch",
                                        AT.minusSeconds(60),
                                        AT,
                                        Duration.ofSeconds(12),
                                        "1.0.0"))));
    }

    private static List<Event<?>> ofBackups() {
        return List.of(
                event(28, BACKUP, new BackupStarted(BACKUP, STEP, RELEASE, "shop", "shop")),
                event(
                        29,
                        BACKUP,
                        new BackupVerified(
                                BACKUP,
                                STEP,
                                RELEASE,
                                "shop",
                                "shop",
                                AT,
                                AT.plusSeconds(3),
                                48_213,
                                1_204,
                                List.of(new BackupVerified.Proof(
                                        "restore",
                                        AT.plusSeconds(3),
                                        Duration.ofMillis(900),
                                        "3 tables, 1,204 rows, all equal")),
                                List.of("disk"))),
                event(
                        30,
                        BACKUP,
                        new BackupFailed(
                                BACKUP,
                                STEP,
                                RELEASE,
                                "shop",
                                "shop",
                                ENVIRONMENT,
                                "dump-failed",
                                "pg_dump ended with 1: connection refused",
                                "look at the server's log, then take a backup again")),
                event(
                        71,
                        BACKUP,
                        new BackupProgressed(
                                BACKUP,
                                RELEASE,
                                "shop",
                                "shop",
                                "dumping",
                                734_003_200,
                                12,
                                30,
                                24_466_773,
                                Duration.ofSeconds(45))),
                event(
                        72,
                        BACKUP,
                        new BackupCancelled(BACKUP, RELEASE, "shop", "shop", "mara", "the server is busy enough")),
                event(
                        75,
                        "shop",
                        new BackupDoubted(
                                BACKUP,
                                "shop",
                                "shop",
                                ENVIRONMENT,
                                "drill",
                                "the check 'no-gap' is not true: the answer is false",
                                "look at the check and at the data it asks about")),
                event(
                        73,
                        "shop",
                        new BackupIncomplete(
                                BACKUP,
                                "shop",
                                "shop",
                                ENVIRONMENT,
                                List.of("disk"),
                                List.of("offsite"),
                                "location offsite: did not answer within PT1M",
                                "see that the location answers from here: the copy is made when it does")),
                event(
                        74,
                        "shop",
                        new BackupCopied(BACKUP, "shop", "shop", "offsite", "disk", List.of("disk", "offsite"))),
                event(
                        41,
                        "nightly",
                        new BackupMissed(
                                "shop",
                                "shop",
                                ENVIRONMENT,
                                "nightly",
                                "2026-03-01T02:00",
                                AT.minusSeconds(930),
                                "nobody was there within PT10M of its time",
                                "take a backup now")),
                event(
                        42,
                        "shop",
                        new BackupOverdue(
                                "shop",
                                "shop",
                                ENVIRONMENT,
                                Duration.ofHours(26),
                                BACKUP,
                                AT.minusSeconds(97_200),
                                "the newest proved backup is 27 h old, 26 h are allowed",
                                "take a backup now")),
                event(
                        43,
                        "nightly",
                        new ScheduleInactive(
                                "shop",
                                "shop",
                                ENVIRONMENT,
                                "nightly",
                                AT.minusSeconds(259_200),
                                "paused for 3 d by mara: moving the server",
                                "resume it, or remove it")),
                event(
                        44,
                        "shop",
                        new BackupRecovered(
                                "shop", "shop", ENVIRONMENT, "overdue", null, "the newest proved backup is 1 h old")),
                event(
                        45,
                        "shop",
                        new RetentionReported(
                                "shop",
                                "shop",
                                ENVIRONMENT,
                                9,
                                110_592,
                                1,
                                0,
                                AT.minusSeconds(604_800),
                                AT,
                                true,
                                "9 proved backups kept by 7 days (Z); what was let go is gone",
                                null)));
    }

    private static List<Event<?>> ofWatches() {
        return List.of(
                event(
                        31,
                        RELEASE,
                        new WatchStepPassed(
                                RELEASE,
                                "shop",
                                ENVIRONMENT,
                                STEP,
                                new WatchCounts(204, 0, 1830, 2),
                                3.21,
                                false,
                                "not worse by 2.5 points")),
                event(
                        32,
                        RELEASE,
                        new WatchHeld(
                                RELEASE,
                                "shop",
                                ENVIRONMENT,
                                STEP,
                                new WatchCounts(3, 0, 20, 0),
                                "no verdict after PT5M")),
                event(
                        33,
                        RELEASE,
                        new RollbackRequested(
                                RELEASE,
                                "shop",
                                ENVIRONMENT,
                                STEP,
                                "errors",
                                "errors: 20.1 % beside 0.1 %",
                                COUNTS,
                                38.4,
                                5.52,
                                Duration.ofSeconds(3),
                                INCIDENT)),
                event(
                        34,
                        RELEASE,
                        new WatchFinished(
                                RELEASE, "shop", ENVIRONMENT, STEP, new WatchCounts(1_600, 1, 0, 0), "quiet for PT1H")),
                event(
                        35,
                        INCIDENT,
                        new IncidentDetected(
                                new IncidentDetected.Content(
                                        ENVIRONMENT_ID,
                                        "errors: 20.1 % beside 0.1 %",
                                        new IncidentDetected.Service("shop"),
                                        ARTIFACT),
                                new IncidentDetected.Facts(INCIDENT, "sev1", REF))));
    }

    private static List<Event<?>> ofNotices() {
        return List.of(
                event(
                        36,
                        STEP.toString(),
                        new NoticeDelivered(STEP, RELEASE, "shop", "release-started", List.of(MESSAGE))),
                event(
                        37,
                        STEP.toString(),
                        new NoticeFailed(
                                STEP,
                                RELEASE,
                                "shop",
                                "release-started",
                                "the mail server refused the address",
                                List.of(MESSAGE))));
    }

    private static List<Event<?>> ofAccess() {
        return List.of(
                event(
                        50,
                        TOKEN,
                        new TokenChanged(
                                TOKEN,
                                2,
                                "mara-laptop",
                                "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
                                new TokenChanged.Previous(
                                        "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9",
                                        AT.plusSeconds(3600)),
                                List.of("operator", "approver:technical-lead"),
                                "mara",
                                List.of("email:mara@example.org", "github:mara-k", "slack:U024"),
                                AT,
                                AT.plusSeconds(7_776_000),
                                null)),
                event(51, TOKEN, new TokenUsed(TOKEN, Catalogue.MONITOR, "2026-03-01")));
    }

    private static PipelineRun run(String outcome, String errors) {
        return new PipelineRun("shop to production", "/api/v1/releases/" + RELEASE, outcome, errors);
    }

    private static <D extends EventData> Event<D> event(int number, UUID subject, D data) {
        return event(number, subject.toString(), data);
    }

    private static <D extends EventData> Event<D> event(int number, String subject, D data) {
        String producer = Catalogue.of(data.getClass()).producer();
        String source = "/slipway/" + (producer.equals(Catalogue.EACH) ? Catalogue.MONITOR : producer);
        return new Event<>(id(number), source, subject, AT, CANDIDATE, data);
    }

    private static UUID id(int number) {
        return UUID.fromString("0195511e-0000-7000-8000-%012d".formatted(number));
    }
}
