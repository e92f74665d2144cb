package dev.slipway.deploy;

import dev.slipway.events.BackupFailed;
import dev.slipway.events.BackupRequested;
import dev.slipway.events.BackupVerified;
import dev.slipway.events.EventData;
import dev.slipway.events.NoticeDelivered;
import dev.slipway.events.NoticeRequested;
import dev.slipway.events.RollbackRequested;
import dev.slipway.events.TrafficShifted;
import dev.slipway.events.WatchCounts;
import dev.slipway.events.WatchFinished;
import dev.slipway.events.WatchHeld;
import dev.slipway.events.WatchStepPassed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/// The other services, played by a test.
public final class OtherServices {
    private final Clock clock;
    private final Said said;
    private Consumer<EventData> postman;

    /// @param said what they hear
    /// @param postman takes what they say
    OtherServices(Clock clock, Said said, Consumer<EventData> postman) {
        this.clock = clock;
        this.said = said;
        this.postman = postman;
    }

    /// From now on what others say arrives when somebody delivers it.
    public void keepPostBy(Consumer<EventData> postman) {
        this.postman = postman;
    }

    /// They answer everything that was asked since they last did, the way they do when all is well.
    public void answer() {
        for (EventData event : said.sinceHeard()) {
            switch (event) {
                case NoticeRequested request -> delivered(request.requestId());
                case BackupRequested request -> verified(request.requestId());
                case TrafficShifted shifted when shifted.strict() == null -> passed(shifted);
                default -> {}
            }
        }
    }

    public void delivered(UUID request) {
        take(new NoticeDelivered(request, null, "shop", "release-started", List.of()));
    }

    public BackupVerified verified(UUID request) {
        return verified(request, clock.instant());
    }

    public BackupVerified verified(UUID request, Instant snapshotAt) {
        BackupVerified backup = new BackupVerified(
                UUID.randomUUID(),
                request,
                null,
                "shop",
                "shop",
                snapshotAt,
                clock.instant(),
                4096,
                17,
                List.of(new BackupVerified.Proof("restore", clock.instant(), Duration.ofSeconds(2), "17 rows")),
                List.of("disk"));
        take(backup);
        return backup;
    }

    public void backupFailed(UUID request) {
        take(new BackupFailed(null, request, null, "shop", "shop", null, "dump-failed", "disk full", null));
    }

    public void passed(TrafficShifted shifted) {
        take(new WatchStepPassed(
                shifted.release().id(),
                "shop",
                "shop/production",
                shifted.step(),
                new WatchCounts(200, 0, 1800, 2),
                3.2,
                false,
                "not worse"));
    }

    public void watchHolds(TrafficShifted shifted) {
        take(new WatchHeld(
                shifted.release().id(),
                "shop",
                "shop/production",
                shifted.step(),
                new WatchCounts(3, 0, 20, 0),
                "too few requests"));
    }

    public void callsBack(UUID release) {
        take(new RollbackRequested(
                release,
                "shop",
                "shop/production",
                UUID.randomUUID(),
                "errors",
                "errors: 20.1 % beside 0.1 %",
                new WatchCounts(40, 8, 360, 0),
                6.1,
                5.5,
                Duration.ofSeconds(3),
                UUID.randomUUID()));
    }

    public void watchEnds(UUID release, UUID step) {
        take(new WatchFinished(
                release, "shop", "shop/production", step, new WatchCounts(2000, 1, 0, 0), "no more errors than ever"));
    }

    private void take(EventData event) {
        postman.accept(event);
    }
}
