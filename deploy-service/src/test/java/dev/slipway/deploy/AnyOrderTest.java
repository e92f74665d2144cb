package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.release.Release;
import dev.slipway.events.EventData;
import dev.slipway.events.ReleaseFinished;
import dev.slipway.events.StepFinished;
import dev.slipway.events.TrafficShifted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The other services' answers to two releases, one after the other: late, twice, and in any order among those that are
/// under way, with those of the first release still coming while the second runs.
class AnyOrderTest {
    private static final int TURNS = 300;

    private static List<String> orderly;

    static LongStream seeds() {
        return LongStream.range(0, 5);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldComeToTheSameEndInWhateverOrderAnswersCome(long seed) throws Exception {
        Random random = new Random(seed);
        try (DeployStory story = new DeployStory().withV1()) {
            List<EventData> waiting = new ArrayList<>();
            List<EventData> delivered = new ArrayList<>();
            story.others.keepPostBy(waiting::add);

            Release first = carry(story, "v2", waiting, delivered, random);
            Release second = carry(story, "v3", waiting, delivered, random);

            assertThat(course(story, first.id())).isEqualTo(orderly);
            assertThat(course(story, second.id())).isEqualTo(orderly);
            assertThat(story.target.keys).as("effects by their stable keys").doesNotHaveDuplicates();
        }
    }

    /// What a release says when every answer comes once and in time.
    @BeforeAll
    static void goOrderly() throws Exception {
        try (DeployStory story = new DeployStory().withV1()) {
            Release release = story.started("v2");
            story.carryOn();
            story.others.watchEnds(
                    release.id(), story.said(TrafficShifted.class).getLast().step());
            story.work();
            orderly = course(story, release.id());
        }
    }

    private static Release carry(
            DeployStory story, String version, List<EventData> waiting, List<EventData> delivered, Random random) {
        Release release = story.soaked(version);
        story.approve(release.id(), "technical-lead", "mara");
        story.approve(release.id(), "business", "tomas");
        story.work();
        boolean ends = false;
        for (int turn = 0; turn < TURNS; turn++) {
            story.others.answer();
            if (!ends) {
                ends = strictWatchEnds(story, release.id());
            }
            deliver(story, waiting, delivered, random);
            story.advance(Duration.ofSeconds(1));
            if (story.release(release.id()).state().phase().equals("completed")) {
                return story.release(release.id());
            }
        }
        throw new AssertionError("stands still: " + story.release(release.id()).state());
    }

    private static boolean strictWatchEnds(DeployStory story, UUID release) {
        return story.said(TrafficShifted.class).stream()
                .filter(shift -> shift.release().id().equals(release) && shift.strict() != null)
                .findFirst()
                .map(shift -> {
                    story.others.watchEnds(release, shift.step());
                    return true;
                })
                .orElse(false);
    }

    /// Some of what waits, in any order, and some of what came before once more.
    private static void deliver(DeployStory story, List<EventData> waiting, List<EventData> delivered, Random random) {
        Collections.shuffle(waiting, random);
        List<EventData> today = new ArrayList<>(waiting.subList(0, random.nextInt(waiting.size() + 1)));
        waiting.removeAll(today);
        delivered.stream().filter(_ -> random.nextInt(4) == 0).forEach(today::add);
        Collections.shuffle(today, random);
        today.forEach(story::deliver);
        delivered.addAll(today);
    }

    private static List<String> course(DeployStory story, UUID release) {
        return story.said().stream()
                .map(said -> switch (said) {
                    case StepFinished step
                    when step.release().id().equals(release) -> step.name() + " " + step.outcome();
                    case TrafficShifted shift when shift.release().id().equals(release) -> "traffic " + shift.percent();
                    case ReleaseFinished end
                    when end.customData().release().id().equals(release) ->
                        "ends " + end.customData().phase();
                    default -> "";
                })
                .filter(text -> !text.isEmpty())
                .toList();
    }
}
