package dev.slipway.monitor.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.eventing.Ids;
import dev.slipway.events.Event;
import dev.slipway.events.EventData;
import dev.slipway.events.PipelineRun;
import dev.slipway.events.ReleaseFinished;
import dev.slipway.events.ReleaseRef;
import dev.slipway.events.ReleaseRollingBack;
import dev.slipway.events.ReleaseStarted;
import dev.slipway.events.TrafficShifted;
import dev.slipway.events.TrafficShifted.Side;
import dev.slipway.monitor.watch.WatchedRelease.End;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What deploy-service says of two releases, late, twice and in any order.
class AnyOrderTest {
    private static final int SEEDS = 300;

    @AutoClose
    private final WatchStory story = new WatchStory(1);

    private final UUID chain = UUID.randomUUID();

    @Test
    void shouldKnowTheSameInTheEndInWhateverOrderItHears() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            ReleaseRef completed = release("shop/seed" + seed, "v2");
            ReleaseRef undone = release("shop/seed" + seed, "v3");
            List<Event<?>> post = new ArrayList<>(events(completed, undone));
            post.addAll(post.stream().filter(_ -> random.nextBoolean()).toList());
            Collections.shuffle(post, random);

            post.forEach(story::hears);

            check(seed, completed, undone);
        }
        assertThat(story.count("incident")).isZero();
    }

    @Test
    void shouldBeginNoWatchOfAReleaseThatIsOver() {
        ReleaseRef release = release("shop/late", "v2");
        story.hears(event(finished(release, "completed", Instant.EPOCH, "v2")));

        story.hears(event(shift(release, 10, Instant.EPOCH)));

        assertThat(story.count("watch")).isZero();
        assertThat(story.count("work")).isZero();
    }

    private void check(int seed, ReleaseRef completed, ReleaseRef undone) {
        String environment = completed.environment();
        story.jdbi.useHandle(handle -> {
            assertThat(story.store.open(handle, environment))
                    .as("open watches, seed %d", seed)
                    .isEmpty();
            assertThat(story.store.running(handle, environment))
                    .as("what runs, seed %d", seed)
                    .contains("v2");
            for (ReleaseRef release : List.of(completed, undone)) {
                WatchedRelease known = story.store.release(handle, release.id()).orElseThrow();
                assertThat(known.version()).isEqualTo(release.version());
                assertThat(known.ended().map(End::at))
                        .as("when %s ended, seed %d", release.version(), seed)
                        .isPresent();
                assertThat(story.store.watches(handle, release.id()))
                        .as("watches of %s, seed %d", release.version(), seed)
                        .noneMatch(watch -> watch.state() instanceof WatchState.Watching
                                || watch.state() instanceof WatchState.Held);
            }
        });
    }

    private List<Event<?>> events(ReleaseRef completed, ReleaseRef undone) {
        Instant now = story.clock.instant();
        return List.of(
                event(new ReleaseStarted(run(), new ReleaseStarted.Facts(completed, List.of()))),
                event(shift(completed, 10, now.plusSeconds(10))),
                event(shift(completed, 50, now.plusSeconds(20))),
                event(shift(completed, 100, now.plusSeconds(30))),
                event(finished(completed, "completed", now.plusSeconds(40), "v2")),
                event(new ReleaseStarted(run(), new ReleaseStarted.Facts(undone, List.of()))),
                event(shift(undone, 10, now.plusSeconds(50))),
                event(new ReleaseRollingBack(undone, "errors", "monitor-service", List.of())),
                event(finished(undone, "rolledBack", now.plusSeconds(60), "v2")));
    }

    private static ReleaseRef release(String environment, String version) {
        return new ReleaseRef(
                UUID.randomUUID(),
                "shop",
                environment,
                2,
                "normal",
                version,
                "c0ffee",
                "pkg:generic/shop@" + version,
                "sha256:never-seen");
    }

    private static TrafficShifted shift(ReleaseRef release, int percent, Instant at) {
        boolean last = percent == 100;
        return new TrafficShifted(
                release,
                UUID.randomUUID(),
                percent,
                Map.of("blue", 100 - percent, "green", percent),
                at,
                new Side(release.version(), "green"),
                last ? null : new Side("v1", "blue"),
                Duration.ofSeconds(15),
                Duration.ofMinutes(5),
                "hold",
                last ? Duration.ofMinutes(2) : null);
    }

    private static ReleaseFinished finished(ReleaseRef release, String phase, Instant at, String currentVersion) {
        return new ReleaseFinished(
                run(), new ReleaseFinished.Facts(release, phase, "done", null, at, null, currentVersion));
    }

    private static PipelineRun run() {
        return new PipelineRun("shop/production", "/releases/1", "success", null);
    }

    private <D extends EventData> Event<D> event(D data) {
        return new Event<>(
                Ids.next(story.clock), "/slipway/deploy-service", "release", story.clock.instant(), chain, data);
    }
}
