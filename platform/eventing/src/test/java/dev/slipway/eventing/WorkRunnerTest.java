package dev.slipway.eventing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkRunnerTest {
    private static final Duration LEASE = Duration.ofSeconds(15);

    private final EventingStory story = new EventingStory();
    private final WorkQueue queue = new WorkQueue(story.clock);
    private final List<WorkItem> ran = new ArrayList<>();

    @Test
    void shouldRunWorkOnceWhenItIsDue() {
        WorkRunner runner = runner(_ -> WorkResult.done(_ -> {}));
        schedule(Duration.ofSeconds(5));

        assertThat(runner.runDue()).isZero();
        story.clock.advance(Duration.ofSeconds(5));
        assertThat(runner.runDue()).isEqualTo(1);
        assertThat(runner.runDue()).isZero();
    }

    @Test
    void shouldLeaveWorkToItsOwnerUntilTheLeaseEnds() {
        WorkRunner dead = runner(_ -> WorkResult.done(_ -> {}));
        WorkRunner other = runner(_ -> WorkResult.done(_ -> {}));
        schedule(Duration.ZERO);
        dead.claim(1);

        assertThat(other.runDue()).isZero();
        story.clock.advance(LEASE);
        assertThat(other.runDue()).isEqualTo(1);

        assertThat(ran).containsExactly(new WorkItem("test", "w1", 2, true));
    }

    @Test
    void shouldKeepALongRunAliveByItsHeartbeat() {
        WorkRunner busy = runner(_ -> WorkResult.done(_ -> {}));
        schedule(Duration.ZERO);
        busy.claim(1);

        story.clock.advance(LEASE.minusSeconds(1));
        busy.heartbeat();
        story.clock.advance(Duration.ofSeconds(2));

        assertThat(runner(_ -> WorkResult.done(_ -> {})).runDue()).isZero();
    }

    /// A heartbeat that read the running claims just before one of them ended.
    @Test
    void shouldNotHoldWorkThatHasEndedByALateHeartbeat() {
        WorkRunner runner = runner(_ -> WorkResult.again(story.clock.instant(), _ -> {}));
        schedule(Duration.ZERO);
        var claim = runner.claim(1).getFirst();
        runner.run(claim);

        boolean held = story.jdbi.withHandle(handle -> queue.extend(handle, claim, LEASE));

        assertThat(held).isFalse();
        assertThat(runner.claim(1))
                .singleElement()
                .satisfies(next -> assertThat(next.item().takenOver()).isFalse());
    }

    @Test
    void shouldLeaveNothingBehindWhenSomebodyElseHasTheWork() {
        story.jdbi.useHandle(handle -> handle.execute("create table effect (who text)"));
        WorkRunner slow = runner(_ -> WorkResult.done(tx -> tx.execute("insert into effect values ('slow')")));
        WorkRunner next = runner(_ -> WorkResult.done(tx -> tx.execute("insert into effect values ('next')")));
        schedule(Duration.ZERO);
        var claim = slow.claim(1).getFirst();
        story.clock.advance(LEASE);

        next.runDue();
        slow.run(claim);

        assertThat(effects()).containsExactly("next");
    }

    /// The new owner is still at it when the old one comes to its end, whatever end that is.
    @ParameterizedTest
    @ValueSource(strings = {"done", "again", "failed"})
    void shouldEndNothingThatSomebodyElseHasTakenOver(String end) {
        story.jdbi.useHandle(handle -> handle.execute("create table effect (who text)"));
        WorkRunner slow = runner(_ -> switch (end) {
            case "done" -> WorkResult.done(tx -> tx.execute("insert into effect values ('slow')"));
            case "again" ->
                WorkResult.again(story.clock.instant(), tx -> tx.execute("insert into effect values ('slow')"));
            default -> throw new TemporaryFailure("too late");
        });
        WorkRunner next = runner(_ -> WorkResult.done(tx -> tx.execute("insert into effect values ('next')")));
        schedule(Duration.ZERO);
        var old = slow.claim(1).getFirst();
        story.clock.advance(LEASE);
        var taken = next.claim(1).getFirst();

        slow.run(old);
        story.clock.advance(LEASE.minusSeconds(1));

        assertThat(runner(_ -> WorkResult.done(_ -> {})).runDue())
                .as("the lease of the new owner holds")
                .isZero();
        next.run(taken);
        assertThat(effects()).containsExactly("next");
    }

    @Test
    void shouldRunAgainWhenItWasScheduledWhileItRan() {
        WorkRunner runner = runner(_ -> {
            if (ran.size() == 1) {
                schedule(Duration.ZERO);
            }
            return WorkResult.done(_ -> {});
        });
        schedule(Duration.ZERO);

        assertThat(runner.runDue()).isEqualTo(2);
    }

    @Test
    void shouldComeBackAtTheTimeTheHandlerNames() {
        WorkRunner runner = runner(_ -> WorkResult.again(story.clock.instant().plusSeconds(10), _ -> {}));
        schedule(Duration.ZERO);

        runner.runDue();
        assertThat(runner.runDue()).isZero();
        story.clock.advance(Duration.ofSeconds(10));
        assertThat(runner.runDue()).isEqualTo(1);

        assertThat(ran).extracting(WorkItem::attempt).containsExactly(1, 1);
    }

    @Test
    void shouldBackOffWhenTheHandlerThrows() {
        WorkRunner runner = runner(_ -> {
            throw new TemporaryFailure("away");
        });
        schedule(Duration.ZERO);

        assertThat(runner.runDue()).isEqualTo(1);
        story.clock.advance(Duration.ofSeconds(1));
        assertThat(runner.runDue()).isEqualTo(1);

        assertThat(ran).extracting(WorkItem::attempt).containsExactly(1, 2);
        assertThat(ran).extracting(WorkItem::takenOver).containsExactly(false, false);
    }

    @Test
    void shouldTakeBackTheEffectTogetherWithTheClaim() {
        WorkRunner runner = runner(item -> WorkResult.done(tx -> {
            tx.execute("create table half_done ()");
            if (item.attempt() == 1) {
                throw new TemporaryFailure("the effect broke");
            }
        }));
        schedule(Duration.ZERO);

        runner.runDue();
        story.clock.advance(Duration.ofSeconds(1));
        runner.runDue();

        assertThat(ran).hasSize(2);
        assertThat(runner.runDue()).isZero();
    }

    @Test
    void shouldForgetCancelledWork() {
        schedule(Duration.ZERO);
        story.jdbi.useTransaction(tx -> queue.cancel(tx, "test", "w1"));

        assertThat(runner(_ -> WorkResult.done(_ -> {})).runDue()).isZero();
    }

    private void schedule(Duration in) {
        story.jdbi.useTransaction(
                tx -> queue.schedule(tx, "test", "w1", story.clock.instant().plus(in)));
    }

    private WorkRunner runner(Function<WorkItem, WorkResult> work) {
        WorkHandler handler = new WorkHandler() {
            @Override
            public String kind() {
                return "test";
            }

            @Override
            public WorkResult run(WorkItem item) {
                ran.add(item);
                return work.apply(item);
            }
        };
        return new WorkRunner(story.jdbi, queue, story.clock, "test", LEASE, List.of(handler));
    }

    private List<String> effects() {
        return story.jdbi.withHandle(handle ->
                handle.createQuery("select who from effect").mapTo(String.class).list());
    }
}
