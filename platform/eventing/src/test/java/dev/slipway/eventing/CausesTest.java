package dev.slipway.eventing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.audit.Transactions;
import dev.slipway.events.Event;
import dev.slipway.events.WatchFinished;
import dev.slipway.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What events and timers change is put down to them.
class CausesTest {
    private final EventingStory story =
            new EventingStory(TestDatabase.fresh("db/eventing", "db/audit").jdbi());
    private final Jdbi jdbi = new Transactions(List.of(), story.clock).of(story.jdbi);

    @BeforeEach
    void watchSomething() {
        jdbi.useHandle(handle -> {
            handle.execute("create table effect (id text primary key, n int)");
            handle.execute("select audit_table('effect', 'effect', 'id', '')");
        });
    }

    @Test
    void shouldPutWhatAnEventChangedDownToThatEvent() {
        Event<WatchFinished> first = story.finished("one");
        Event<WatchFinished> second = story.finished("two");
        story.arrives("a", first);
        story.arrives("b", second);

        // Both in one transaction.
        story.worker((tx, event) -> tx.execute(
                        "insert into effect values (?, 1)", event.data().reason()))
                .workOff();

        assertThat(rows("effect"))
                .extracting(row -> row.get("subject") + " " + row.get("cause") + " " + row.get("origin"))
                .containsExactly(
                        "one event /slipway/monitor-service#" + first.id(),
                        "two event /slipway/monitor-service#" + second.id());
        assertThat(rows("effect").getFirst())
                .extractingByKey("action")
                .asString()
                .contains("slipway-watch.finished");
    }

    @Test
    void shouldPutWhatATimerChangedDownToThatTimer() {
        WorkQueue queue = new WorkQueue(story.clock);
        jdbi.useTransaction(tx -> queue.schedule(tx, "tidy", "shop", story.clock.instant()));
        WorkHandler handler = new WorkHandler() {
            @Override
            public String kind() {
                return "tidy";
            }

            @Override
            public WorkResult run(WorkItem item) {
                jdbi.useTransaction(tx -> tx.execute("insert into effect values ('meanwhile', 1)"));
                return WorkResult.done(tx -> tx.execute("insert into effect values ('in the end', 1)"));
            }
        };

        new WorkRunner(jdbi, queue, story.clock, "test", Duration.ofSeconds(15), List.of(handler)).runDue();

        assertThat(rows("effect"))
                .extracting(row -> row.get("subject") + ": " + row.get("cause") + " " + row.get("origin"))
                .containsExactly("meanwhile: timer tidy/shop", "in the end: timer tidy/shop");
    }

    @Test
    void shouldLeaveWordOfADeadLetterAndOfTheEventThatItIs() {
        Event<WatchFinished> one = story.finished("one");
        story.arrives("a", one);

        story.worker((tx, event) -> {
                    throw new PermanentFailure("cannot be");
                })
                .workOff();

        assertThat(rows("inbox"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("change", "changed")
                        .containsEntry("cause", "event")
                        .containsEntry("origin", "/slipway/monitor-service#" + one.id())
                        .extractingByKey("new")
                        .asString()
                        .contains("\"state\": \"dead\"", "cannot be"));
    }

    private List<Map<String, Object>> rows(String kind) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select subject, cause, origin, action, change, new::text as new from audit where kind = :kind order by seq")
                .bind("kind", kind)
                .mapToMap()
                .list());
    }
}
