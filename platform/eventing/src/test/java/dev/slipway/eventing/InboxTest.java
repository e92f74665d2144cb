package dev.slipway.eventing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.events.EventCodec;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InboxTest {
    private final EventingStory story = new EventingStory();

    @Test
    void shouldWorkOffAnEventOnceHoweverOftenItArrives() {
        var event = story.finished("once");
        InboxWorker worker = story.worker((_, _) -> {});
        story.arrives("r1", event);
        story.arrives("r1", event);

        worker.workOff();
        story.arrives("r1", event);
        worker.workOff();

        assertThat(story.handled).containsExactly("once");
        assertThat(story.states()).containsExactly("done");
    }

    @Test
    void shouldKeepTheOrderOfAKeyWhileItsFirstEventIsRetried() {
        boolean[] away = {true};
        InboxWorker worker = story.worker((_, event) -> {
            if (away[0] && event.data().reason().equals("first")) {
                throw new TemporaryFailure("not yet");
            }
        });
        story.arrives("r1", story.finished("first"));
        story.arrives("r1", story.finished("second"));
        story.arrives("r2", story.finished("other key"));

        worker.workOff();
        assertThat(story.handled).containsExactly("other key");
        away[0] = false;
        story.clock.advance(Duration.ofSeconds(1));
        worker.workOff();

        assertThat(story.handled).containsExactly("other key", "first", "second");
    }

    @Test
    void shouldTakeBackTheEffectWhenTheHandlerFails() {
        story.jdbi.useHandle(handle -> handle.execute("create table effect (what text)"));
        InboxWorker worker = story.worker((tx, event) -> {
            tx.execute("insert into effect values (?)", event.data().reason());
            story.writer.write(tx, "r1", "subject", event.chainId(), event.data());
            throw new TemporaryFailure("after the write");
        });
        story.arrives("r1", story.finished("half"));

        worker.workOff();

        assertThat(count("effect")).isZero();
        assertThat(count("outbox")).isZero();
        assertThat(story.states()).containsExactly("pending");
        assertThat(story.reason(0)).isEqualTo("after the write");
    }

    @Test
    void shouldMakeADeadLetterOfAPermanentFailureThatHoldsItsKeyOnly() {
        InboxWorker worker = story.worker((_, event) -> {
            if (event.data().reason().equals("bad")) {
                throw new PermanentFailure("no such release");
            }
        });
        story.arrives("r1", story.finished("bad"));
        story.arrives("r1", story.finished("behind it"));
        story.arrives("r2", story.finished("elsewhere"));

        worker.workOff();

        assertThat(story.handled).containsExactly("elsewhere");
        assertThat(story.states()).containsExactly("dead", "pending", "done");
        assertThat(story.reason(0)).isEqualTo("no such release");
    }

    @Test
    void shouldGiveUpATemporaryFailureAtItsDeadline() {
        InboxWorker worker = story.worker((_, _) -> {
            throw new TemporaryFailure("still away");
        });
        story.arrives("r1", story.finished("late"));

        worker.workOff();
        story.clock.advance(EventingStory.RETRY_DEADLINE);
        worker.workOff();

        assertThat(story.states()).containsExactly("dead");
        assertThat(story.reason(0)).isEqualTo("given up after 2 attempts: still away");
    }

    @Test
    void shouldKeepWhatIsNoEventAsDeadLetterWithItsReason() {
        story.arrives("r1", "no json");
        story.arrives("r1", (String) null);
        story.arrives("r1", EventCodec.toJson(story.finished("x")).toString().replace("\"release\"", "\"relaese\""));
        story.arrives("r1", story.finished("good"));

        story.worker((_, _) -> {}).workOff();

        assertThat(story.states()).containsExactly("dead", "dead", "dead", "done");
        assertThat(story.reason(0)).startsWith("the value is not JSON");
        assertThat(story.reason(1)).contains("tombstone");
        assertThat(story.reason(2)).isEqualTo("missing release");
        assertThat(story.handled).containsExactly("good");
    }

    @Test
    void shouldIgnoreTypesNobodyKnows() {
        story.arrives(
                "r1", EventCodec.toJson(story.finished("x")).toString().replace("watch.finished", "watch.invented"));

        assertThat(story.states()).isEmpty();
    }

    private int count(String table) {
        return story.jdbi.withHandle(handle -> handle.createQuery("select count(*) from " + table)
                .mapTo(Integer.class)
                .one());
    }
}
