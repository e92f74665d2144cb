package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.ci.Ci;
import dev.slipway.demo.topics.EventBook;
import dev.slipway.events.Catalogue;
import dev.slipway.events.ReleaseFinished;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each service in turn is killed with signal 9 in the middle of a release into production, at the step that needs it
/// most; the launcher starts it again, and the release is completed all the same.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KillStoryTest {
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);

    private final StoryFolder folder = StoryFolder.of("kill");
    private final Set<UUID> candidates = new HashSet<>();
    private Stage stage;
    private Narrator narrator;
    private Walk walk;

    /// @param step the kind of step that is under way when the service is killed
    private record Kill(String service, String step, String build) {
        @Override
        public String toString() {
            return "%s during %s".formatted(service, step);
        }
    }

    static Stream<Kill> kills() {
        return Stream.of(
                new Kill(Catalogue.NOTIFY, "announce", "v2"),
                new Kill(Catalogue.BACKUP, "backup", "v3"),
                new Kill(Catalogue.DEPLOY, "deploy", "v4"),
                new Kill(Catalogue.MONITOR, "traffic", "v5"));
    }

    @BeforeAll
    void setStage() throws Exception {
        narrator = folder.narrator();
        stage = Stage.set(StoryFolder.PROJECT, folder.path(), Clock.systemUTC(), narrator::tell);
        walk = new Walk(stage, narrator, Patience.of(Duration.ofMinutes(12)));
        Ci.Build first = stage.ci().build("v1", 1, 1);
        stage.startShop(first);
        stage.openDoors();
        var manifest = new GiveManifest(walk);
        manifest.give();
        manifest.adopt(first);
    }

    @AfterAll
    void clearStage() {
        if (stage != null) {
            stage.close();
        }
        narrator.close();
    }

    @ParameterizedTest
    @MethodSource("kills")
    @Order(1)
    void shouldCompleteAReleaseAlthoughAServiceIsKilledInTheMiddle(Kill kill) throws Exception {
        var ship = new ShipBuild(walk);
        Walk.Built built = walk.build(kill.build(), 2, 2);
        ReleaseView release = ship.openGates(ship.throughStaging(built, ship.deliver(built)));
        candidates.add(release.candidate());
        int restarts = stage.suite().service(kill.service()).restarts();
        awaitUnderWay(release, kill.step());

        long killed = stage.suite().kill9(kill.service());
        narrator.tell("killed %s (process %d) during %s".formatted(kill.service(), killed, kill.step()));
        ReleaseView completed = new CompleteRelease(walk).follow(release);

        stage.suite().awaitReady(kill.service(), STARTS_WITHIN);
        assertThat(stage.suite().service(kill.service()).restarts()).isEqualTo(restarts + 1);
        new CompleteRelease(walk).lookAround(built, completed);
    }

    @Test
    @Order(2)
    void shouldHaveToldOneWholeStoryOfEach() throws Exception {
        EventBook book = new ReadTopics(walk).read(candidates, folder.path().resolve("events.jsonl"));

        List<String> phases = book.all(ReleaseFinished.class).stream()
                .map(event -> event.data().customData().phase())
                .distinct()
                .toList();
        assertThat(phases).containsExactly("completed");
    }

    private void awaitUnderWay(ReleaseView release, String kind) {
        walk.patience()
                .await(
                        "the step %s under way".formatted(kind),
                        Duration.ofSeconds(60),
                        () -> walk.services().release(release.id()).step(kind).filter(KillStoryTest::underWay),
                        () -> walk.services().release(release.id()).steps().toString());
    }

    private static boolean underWay(ReleaseView.Step step) {
        return step.state().equals("running") || step.state().equals("waiting");
    }
}
