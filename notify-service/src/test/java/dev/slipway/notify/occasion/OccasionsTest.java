package dev.slipway.notify.occasion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.events.GateAnswered;
import dev.slipway.notify.Samples;
import dev.slipway.notify.audience.Situation;
import dev.slipway.notify.occasion.KnownReleases.Earlier;
import dev.slipway.notify.wording.Facts;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OccasionsTest {
    private static final Optional<Earlier> LAST =
            Optional.of(new Earlier("v6 (4b5a69788796)", Duration.ofSeconds(72), Duration.ofSeconds(4)));
    private static final GateAnswered SOAK = new GateAnswered("soak", "hold", "6 s left", null);
    private static final GateAnswered SOAKING = new GateAnswered("soak", "hold", "3 s left", null);
    private static final GateAnswered SOAKED = new GateAnswered("soak", "open", "over", null);

    private final Samples samples = Samples.of("sha256:1");

    @Test
    void shouldSayWhatIsReleasedWhereAndHowLongItWillTake() {
        Occasion occasion = Occasions.queued(samples.queued(), LAST);

        assertThat(occasion.situation()).isEqualTo(Situation.RELEASE_QUEUED);
        assertThat(occasion.facts().name()).isEqualTo("shop v7");
        assertThat(lines(occasion))
                .isEqualTo("Application: shop; Environment: production; Release: v7; Version: 9f8e7d6c5b4a; "
                        + "Expected duration: 1 min 12 s, as last time; Expected downtime: 4 s, as last time");
    }

    @Test
    void shouldCallAReleaseByItsVersionWhileItHasNoNumber() {
        Samples early = new Samples(UUID.randomUUID(), "sha256:1", null);

        assertThat(Occasions.queued(early.queued(), Optional.empty()).facts().name())
                .isEqualTo("shop 9f8e7d6c5b4a");
    }

    @Test
    void shouldLeaveTheStartToAPlanThatAnnouncesItself() {
        assertThat(Occasions.started(samples.started("announce", "deploy"), LAST))
                .isEmpty();
        assertThat(Occasions.started(samples.started("deploy"), LAST)).isPresent();
    }

    @Test
    void shouldBeOneOccasionPerRequestHoweverOftenItIsMade() {
        UUID request = UUID.randomUUID();

        Occasion one = Occasions.requested(
                samples.requested(request, "release-started", Map.of()), Situation.RELEASE_STARTED, LAST);
        Occasion again = Occasions.requested(
                samples.requested(request, "release-started", Map.of()), Situation.RELEASE_STARTED, LAST);

        assertThat(again.id()).isEqualTo(one.id());
        assertThat(one.request()).isEqualTo(request);
        assertThat(one.deadline()).isEqualTo(Samples.AT.plusSeconds(30));
    }

    @Test
    void shouldTellWhatTheRequestWantsTold() {
        Map<String, String> details = Map.of(
                "reason", "new checkout",
                "state", "Maintenance begins now.",
                "expectedDuration", "PT90S",
                "expectedDowntime", "PT10S",
                "contact", "ops@shop.example");

        Facts facts = Occasions.requested(
                        samples.requested(UUID.randomUUID(), "release-started", details),
                        Situation.RELEASE_STARTED,
                        LAST)
                .facts();

        assertThat(facts.reason()).isEqualTo("new checkout");
        assertThat(facts.state()).isEqualTo("Maintenance begins now.");
        assertThat(facts.lines().stream().skip(4).map(line -> line.label() + ": " + line.value()))
                .containsExactly(
                        "Contact: ops@shop.example", "Expected downtime: 10 s", "Expected duration: 1 min 30 s");
    }

    @Test
    void shouldTellOfGatesOnceUntilOneAnswersOtherwise() {
        Occasion first = Occasions.gated(samples.gated(false, SOAK));
        Occasion later = Occasions.gated(samples.gated(false, SOAKING));
        Occasion open = Occasions.gated(samples.gated(true, SOAKED));

        assertThat(later.id()).isEqualTo(first.id());
        assertThat(open.id()).isNotEqualTo(first.id());
        assertThat(first.situation()).isEqualTo(Situation.RELEASE_WAITING);
        assertThat(open.situation()).isEqualTo(Situation.RELEASE_READY);
        assertThat(lines(first)).endsWith("Gate soak: hold: 6 s left");
    }

    @Test
    void shouldSayReasonStateAndNextStepsOfARollback() {
        Facts undoing = Occasions.rollingBack(samples.rollingBack(), LAST).facts();
        Facts undone = Occasions.finished(samples.finished("rolledBack", "4b5a6978879601122334455667788990abcdef01"))
                .facts();

        assertThat(undoing.reason()).isEqualTo("20 % of the requests fail");
        assertThat(undoing.current()).isEqualTo("v6 (4b5a69788796)");
        assertThat(undoing.steps()).containsExactly("traffic back to blue");
        assertThat(undone.reason()).isEqualTo("20 % of the requests failed");
        assertThat(undone.current()).isEqualTo("4b5a69788796");
    }

    @Test
    void shouldNotPretendThatSomethingRunsWhenNothingDoes() {
        assertThat(Occasions.finished(samples.finished("rolledBack", null))
                        .facts()
                        .state())
                .isEqualTo("no version is in service there now.");
    }

    @ParameterizedTest
    @CsvSource({
        "completed, RELEASE_COMPLETED",
        "rolledBack, RELEASE_ROLLED_BACK",
        "failed, RELEASE_FAILED",
        "cancelled, RELEASE_CANCELLED",
        "superseded, RELEASE_SUPERSEDED"
    })
    void shouldKnowEveryEndOfARelease(String phase, Situation situation) {
        Occasion occasion = Occasions.finished(samples.finished(phase, "1"));

        assertThat(occasion.situation()).isEqualTo(situation);
        assertThat(lines(occasion)).endsWith("Took: 1 min 12 s; Downtime: 4 s; Finished: 2026-03-01 10:00:00 UTC");
    }

    @Test
    void shouldNameTheReleaseAWatchIsAboutWhenItIsKnown() {
        assertThat(Occasions.watchHeld(samples.watchHeld(), Optional.of(samples.release()))
                        .facts()
                        .name())
                .isEqualTo("shop v7");
        Occasion unknown = Occasions.watchHeld(samples.watchHeld(), Optional.empty());
        assertThat(unknown.facts().name()).isEqualTo("shop");
        assertThat(lines(unknown)).contains("Errors, new version: 3 of 100 requests; Errors, old version: 20 of 900");
    }

    @Test
    void shouldTellOfAnIncidentWithAndWithoutARelease() {
        assertThat(Occasions.incident(samples.incident(true)).facts().name()).isEqualTo("shop v7");
        Occasion alone = Occasions.incident(samples.incident(false));
        assertThat(alone.facts().name()).isEqualTo("shop");
        assertThat(alone.about().place()).isEqualTo("production");
        assertThat(alone.about().eventKey()).isEqualTo("shop");
    }

    @Test
    void shouldTellOfABackupThatFailed() {
        Occasion occasion = Occasions.backupFailed(samples.backupFailed());

        assertThat(occasion.facts().reason()).startsWith("orders: 12 rows");
        assertThat(lines(occasion)).isEqualTo("Application: shop; Database: shop; Fault: counts-differ");
    }

    private static String lines(Occasion occasion) {
        return String.join(
                "; ",
                occasion.facts().lines().stream()
                        .map(line -> line.label() + ": " + line.value())
                        .toList());
    }
}
