package dev.slipway.notify;

import dev.slipway.events.ApprovalGiven;
import dev.slipway.events.BackupFailed;
import dev.slipway.events.CandidateAccepted;
import dev.slipway.events.EnvironmentId;
import dev.slipway.events.Event;
import dev.slipway.events.EventData;
import dev.slipway.events.GateAnswered;
import dev.slipway.events.IncidentDetected;
import dev.slipway.events.NoticeRequested;
import dev.slipway.events.PipelineRun;
import dev.slipway.events.ReleaseFinished;
import dev.slipway.events.ReleaseGated;
import dev.slipway.events.ReleaseHeld;
import dev.slipway.events.ReleaseQueued;
import dev.slipway.events.ReleaseRef;
import dev.slipway.events.ReleaseRollingBack;
import dev.slipway.events.ReleaseStarted;
import dev.slipway.events.ReleaseStarted.PlannedStep;
import dev.slipway.events.WatchCounts;
import dev.slipway.events.WatchHeld;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Events about one release of the shop.
public record Samples(
        UUID releaseId, String manifest, @Nullable Integer number) {
    public static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");
    public static final String COMMIT = "9f8e7d6c5b4a39281706f5e4d3c2b1a098765432";
    public static final UUID CHAIN = UUID.nameUUIDFromBytes(new byte[] {42});

    public static Samples of(String manifest) {
        return new Samples(UUID.randomUUID(), manifest, 7);
    }

    public ReleaseRef release() {
        return new ReleaseRef(
                releaseId,
                "shop",
                "shop/production",
                number,
                "normal",
                COMMIT,
                COMMIT,
                "pkg:generic/shop@" + COMMIT,
                manifest);
    }

    public <D extends EventData> Event<D> event(D data) {
        return new Event<>(UUID.randomUUID(), "/slipway/deploy-service", releaseId.toString(), AT, CHAIN, data);
    }

    public Event<CandidateAccepted> accepted() {
        return event(new CandidateAccepted(
                CHAIN, "shop", COMMIT, "main", "pkg:generic/shop@" + COMMIT, "mara-k", "Mara Köhler", null));
    }

    public Event<ReleaseQueued> queued() {
        return event(new ReleaseQueued(run(null), new ReleaseQueued.Facts(release())));
    }

    public Event<ReleaseGated> gated(boolean open, GateAnswered... gates) {
        return event(new ReleaseGated(release(), open, List.of(gates)));
    }

    public Event<ApprovalGiven> approved() {
        return event(new ApprovalGiven(release(), "technical-lead", "Mara", AT, "Looks good."));
    }

    public Event<ReleaseStarted> started(String... kinds) {
        List<PlannedStep> steps = List.of(kinds).stream()
                .map(kind -> new PlannedStep(UUID.randomUUID(), kind, kind))
                .toList();
        return event(new ReleaseStarted(run(null), new ReleaseStarted.Facts(release(), steps)));
    }

    public Event<NoticeRequested> requested(UUID request, String situation, Map<String, String> details) {
        return event(new NoticeRequested(request, release(), situation, details, AT.plusSeconds(30)));
    }

    public Event<ReleaseRollingBack> rollingBack() {
        return event(new ReleaseRollingBack(
                release(), "20 % of the requests fail", "the watch", List.of("traffic back to blue")));
    }

    public Event<ReleaseHeld> held() {
        return event(new ReleaseHeld(release(), "who knows", List.of("retry", "roll back"), AT.plusSeconds(600)));
    }

    public Event<ReleaseFinished> finished(String phase, @Nullable String current) {
        return event(new ReleaseFinished(
                run("success"),
                new ReleaseFinished.Facts(
                        release(),
                        phase,
                        "20 % of the requests failed",
                        AT.minusSeconds(72),
                        AT,
                        Duration.ofSeconds(4),
                        current)));
    }

    public Event<BackupFailed> backupFailed() {
        return event(new BackupFailed(
                null,
                null,
                null,
                "shop",
                "shop",
                "shop/production",
                "counts-differ",
                "orders: 12 rows in the backup, 13 before",
                "take another backup"));
    }

    public Event<WatchHeld> watchHeld() {
        return event(new WatchHeld(
                releaseId,
                "shop",
                "shop/production",
                UUID.randomUUID(),
                new WatchCounts(100, 3, 900, 20),
                "too few requests"));
    }

    public Event<IncidentDetected> incident(boolean withRelease) {
        return event(new IncidentDetected(
                new IncidentDetected.Content(
                        new EnvironmentId("shop/production"),
                        "20 % of the requests fail",
                        new IncidentDetected.Service("shop"),
                        null),
                new IncidentDetected.Facts(UUID.randomUUID(), "sev2", withRelease ? release() : null)));
    }

    private static PipelineRun run(@Nullable String outcome) {
        return new PipelineRun("shop/production", "/api/v1/releases/1", outcome, null);
    }
}
