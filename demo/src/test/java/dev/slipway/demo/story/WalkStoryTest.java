package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.ci.Ci;
import dev.slipway.demo.topics.EventBook;
import dev.slipway.events.RollbackRequested;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// The walk step by step on one warm suite, with the same parts the demo is told with; each step stands on the one
/// before.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WalkStoryTest {
    private final StoryFolder folder = StoryFolder.of("walk");
    private Stage stage;
    private Narrator narrator;
    private Walk walk;
    private Walk.Built good;
    private Walk.Built bad;
    private ReleaseView waiting;
    private ReleaseView started;
    private ReleaseView completed;
    private ReleaseView calledBack;

    @BeforeAll
    void setStage() throws Exception {
        narrator = folder.narrator();
        stage = Stage.set(StoryFolder.PROJECT, folder.path(), Clock.systemUTC(), narrator::tell);
        walk = new Walk(stage, narrator, Patience.of(Duration.ofMinutes(5)));
    }

    @AfterAll
    void clearStage() {
        if (stage != null) {
            stage.close();
        }
        narrator.close();
    }

    @Test
    @Order(1)
    void shouldRefuseAFaultyManifestAndHoldTheRightOne() throws Exception {
        Ci.Build first = stage.ci().build("v1", 1, 1);
        stage.startShop(first);
        stage.openDoors();
        var manifest = new GiveManifest(walk);

        manifest.refuseFaulty();
        String version = manifest.give();
        manifest.adopt(first);

        assertThat(version).startsWith("sha256:");
        assertThat(manifest.give()).isEqualTo(version);
    }

    @Test
    @Order(2)
    void shouldTakeASignedDeliveryThroughStaging() {
        var ship = new ShipBuild(walk);
        good = walk.build("v2", 2, 2);

        ReleaseView staging = ship.deliver(good);
        waiting = ship.throughStaging(good, staging);

        assertThat(waiting.candidate()).isEqualTo(staging.candidate());
        assertThat(waiting.waits()).isTrue();
    }

    @Test
    @Order(3)
    void shouldOpenProductionToTwoPeopleAndAProvedBackupOnly() {
        started = new ShipBuild(walk).openGates(waiting);

        assertThat(started.number()).isNotNull();
        assertThat(started.gates()).extracting(ReleaseView.Gate::name).contains("soak", "approvals", "backup");
    }

    @Test
    @Order(4)
    void shouldCompleteTheReleaseAndTellTheTruthAboutIt() throws Exception {
        var complete = new CompleteRelease(walk);

        completed = complete.follow(started);

        complete.lookAround(good, completed);
        complete.hearOfIt(completed);
        assertThat(walk.services().report(completed.id()).path("overall").asText())
                .isEqualTo("PASS");
    }

    @Test
    @Order(5)
    void shouldCallABadBuildBackByItself() {
        var ship = new ShipBuild(walk);
        var callBack = new CallBackBuild(walk);
        bad = walk.build("v3", 3, 2);
        ReleaseView badStarted = ship.openGates(ship.throughStaging(bad, ship.deliver(bad)));

        calledBack = callBack.follow(badStarted);

        callBack.customers(bad);
        callBack.previousIsBack(good, completed, calledBack);
        callBack.incidentIsOpen(calledBack);
        callBack.hearOfIt(calledBack);
    }

    @Test
    @Order(6)
    void shouldTakeADeliveryOnceAndAForgedOneNever() {
        var repeat = new RepeatDeliveries(walk);

        repeat.sendAgain(good);
        repeat.forge();

        assertThat(walk.services().release(completed.id()).phase()).isEqualTo("completed");
    }

    @Test
    @Order(7)
    void shouldRefuseAnApprovalOfAReleaseThatIsPastIt() {
        Http.Answer answer = walk.services()
                .approve(completed.id(), "business", stage.people().business());

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body().path("phase").asText()).isEqualTo("completed");
    }

    @Test
    @Order(8)
    void shouldTellOneStoryPerCandidate() throws Exception {
        Path file = folder.path().resolve("events.jsonl");

        EventBook book = new ReadTopics(walk).read(Set.of(waiting.candidate(), calledBack.candidate()), file);

        assertThat(file).isNotEmptyFile();
        assertThat(book.all(RollbackRequested.class))
                .singleElement()
                .satisfies(event -> assertThat(event.chainId()).isEqualTo(calledBack.candidate()));
    }
}
