package dev.slipway.eventing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.events.EventCodec;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InboxTest {
    private final EventingStory story = new EventingStory();

    @Test
    void shouldTakeNoMoreAtOnceThanFitsIntoMemory() {
        int size = 900_000;
        for (int i = 0; i < 8; i++) {
            story.arrives("k" + i % 2, story.finished("x".repeat(size)));
        }

        List<InboxRow> taken = story.jdbi.inTransaction(tx -> new InboxRows().claim(tx, story.clock.instant(), 64));

        assertThat(taken).extracting(InboxRow::seq).isSorted().hasSize(InboxRows.MOST_BYTES / size + 1);
    }

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
    void shouldKeepWhatBecameOfAnEventAndWhy() {
        InboxWorker worker = story.deciding((_, event) -> switch (event.data().reason()) {
            case "again" -> Handled.ignored("told already");
            case "early" -> Handled.refused("the release has not started");
            default -> Handled.applied();
        });
        story.arrives("r1", story.finished("new"));
        story.arrives("r1", story.finished("again"));
        story.arrives("r2", story.finished("early"));

        worker.workOff();

        assertThat(story.column("outcome")).containsExactly("applied", "ignored", "refused");
        assertThat(story.column("reason")).containsExactly(null, "told already", "the release has not started");
    }

    @Test
    void shouldKeepWhatBecameOfAnEventThatCameAlone() {
        story.arrives("r1", story.finished("again"));

        story.deciding((_, _) -> Handled.ignored("told already")).workOff();

        assertThat(story.column("outcome")).containsExactly("ignored");
        assertThat(story.column("attempts")).containsExactly("1");
    }

    @Test
    void shouldKeepWhatGoesWellBesideAnEventThatFails() {
        story.jdbi.useHandle(handle -> handle.execute("create table effect (seq bigserial, what text)"));
        InboxWorker worker = story.worker((tx, event) -> {
            tx.execute("insert into effect (what) values (?)", event.data().reason());
            if (event.data().reason().startsWith("bad")) {
                throw new TemporaryFailure("not yet");
            }
        });
        story.arrives("r1", story.finished("one"));
        story.arrives("r2", story.finished("two"));
        story.arrives("r2", story.finished("bad"));
        story.arrives("r2", story.finished("behind"));
        story.arrives("r1", story.finished("three"));
        story.arrives("r3", story.finished("bad too"));
        story.arrives("r4", story.finished("four"));

        worker.workOff();

        assertThat(effects()).containsExactly("one", "two", "three", "four");
        assertThat(story.states()).containsExactly("done", "done", "pending", "pending", "done", "pending", "done");
    }

    @Test
    void shouldWorkOffTheOrderOfManyKeysInFewTransactions() {
        story.jdbi.useHandle(handle -> handle.execute("create table effect (seq bigserial, what text, tx bigint)"));
        InboxWorker worker = story.worker((tx, event) -> tx.execute(
                "insert into effect (what, tx) values (?, txid_current())",
                event.data().reason()));
        List<String> sent = IntStream.range(0, 100).mapToObj(n -> "event " + n).toList();
        sent.forEach(reason -> story.arrives("key " + reason.hashCode() % 7, story.finished(reason)));

        worker.workOff();

        assertThat(effects()).isEqualTo(sent);
        int transactions = story.jdbi.withHandle(handle -> handle.createQuery("select count(distinct tx) from effect")
                .mapTo(Integer.class)
                .one());
        assertThat(transactions).isLessThan(20);
    }

    /// Far behind more held events than the worker looks at at first.
    @Test
    void shouldFindAFreeKeyBehindManyHeldEvents() {
        InboxWorker worker = story.worker((_, event) -> {
            if (event.data().reason().equals("bad")) {
                throw new PermanentFailure("no such release");
            }
        });
        story.arrives("r1", story.finished("bad"));
        IntStream.range(0, 600).forEach(n -> story.arrives("r1", story.finished("behind " + n)));
        story.arrives("r2", story.finished("elsewhere"));

        worker.workOff();

        assertThat(story.handled).containsExactly("elsewhere");
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
    void shouldLeaveWhatBecameOfAnEventToWhoeverTriedItMeanwhile() {
        story.arrives("a", story.finished("one"));
        InboxRows inbox = new InboxRows();
        InboxRow tried = story.jdbi
                .inTransaction(tx -> inbox.claim(tx, story.clock.instant(), 1))
                .getFirst();
        story.worker((_, _) -> {}).workOff();

        boolean again = story.jdbi.inTransaction(
                tx -> inbox.again(tx, tried, story.clock.instant(), story.clock.instant(), "not now"));
        boolean dead = story.jdbi.inTransaction(tx -> inbox.dead(tx, tried, story.clock.instant(), "never", null));

        assertThat(again || dead).isFalse();
        assertThat(story.states()).containsExactly("done");
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

    private List<String> effects() {
        return story.jdbi.withHandle(handle -> handle.createQuery("select what from effect order by seq")
                .mapTo(String.class)
                .list());
    }

    private int count(String table) {
        return story.jdbi.withHandle(handle -> handle.createQuery("select count(*) from " + table)
                .mapTo(Integer.class)
                .one());
    }
}
