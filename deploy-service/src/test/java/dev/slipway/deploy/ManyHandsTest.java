package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.plan.StepState;
import dev.slipway.deploy.release.Decision;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseSignal.Cancel;
import dev.slipway.deploy.release.ReleaseSignal.Pause;
import dev.slipway.deploy.release.ReleaseSignal.Resume;
import dev.slipway.events.ReleaseFinished;
import dev.slipway.events.TrafficShifted;
import dev.slipway.testkit.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Several people, services and replicas at one release at the same moment, each with a connection of their own.
class ManyHandsTest {
    private final TestDatabase database = DeployStory.database();

    @AutoClose
    private final DeployStory story = DeployStory.ofManyHands(database).withV1();

    @Test
    void shouldCancelOnceHoweverManyAskForIt() throws Exception {
        Release release = story.until("v2", StepKind.TRAFFIC);

        List<Callable<Decision>> wishes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            wishes.add(() -> story.send(release.id(), new Cancel("mara", "wrong build")));
        }
        List<Decision> decisions = all(wishes);
        story.work();

        assertThat(decisions).filteredOn(Decision.Move.class::isInstance).hasSize(1);
        assertThat(decisions).filteredOn(Decision.Ignore.class::isInstance).hasSize(5);
        assertThat(story.release(release.id()).state().phase()).isEqualTo("cancelled");
        assertThat(story.said(ReleaseFinished.class))
                .filteredOn(finished -> finished.customData().release().id().equals(release.id()))
                .hasSize(1);
    }

    @Test
    void shouldNotWaitInACircleWithAStepThatIsWrittenDown() throws Exception {
        Release release = story.until("v2", StepKind.BACKUP);
        story.others.verified(story.step(release.id(), StepKind.BACKUP).id());
        CountDownLatch locked = new CountDownLatch(1);
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            List<Future<?>> otherHand = new ArrayList<>();
            story.steps.during(StepKind.BACKUP, () -> {
                otherHand.add(other.submit(() -> story.jdbi.useTransaction(tx -> {
                    story.beans.releases.lock(tx, release.id());
                    locked.countDown();
                    awaitOneThatWaitsForALock();
                    story.beans.work.step(tx, release.id(), story.clock.instant());
                })));
                await(locked);
            });

            story.work();

            otherHand.getFirst().get();
        }
        assertThat(story.step(release.id(), StepKind.BACKUP).state()).isEqualTo(StepState.DONE);
        assertThat(deadlocks()).isZero();
    }

    @Test
    void shouldKeepItsHeadWhenEverybodyWantsSomething() throws Exception {
        Release release = story.until("v2", StepKind.TRAFFIC);

        for (int round = 0; round < 5; round++) {
            TrafficShifted shifted = story.said(TrafficShifted.class).getLast();
            all(List.of(
                    () -> story.work(),
                    () -> story.work(),
                    () -> story.send(release.id(), new Pause("mara", "looks odd")),
                    () -> story.send(release.id(), new Resume("tomas")),
                    () -> {
                        story.others.passed(shifted);
                        return 0;
                    }));
        }
        story.send(release.id(), new Resume("mara"));
        story.send(release.id(), new Cancel("mara", "enough"));
        story.work();

        assertThat(story.release(release.id()).state().phase()).isEqualTo("cancelled");
        assertThat(story.router.state().weights()).containsEntry("blue", 100);
    }

    private static <T> List<T> all(List<? extends Callable<? extends T>> hands) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(hands.size())) {
            List<Future<T>> futures = new ArrayList<>();
            for (Callable<? extends T> hand : hands) {
                futures.add(threads.submit(hand::call));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Returns when another connection to this database waits for a lock.
    private void awaitOneThatWaitsForALock() {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (waitingForLocks() == 0) {
            assertThat(System.nanoTime()).as("nobody waits").isLessThan(until);
            Thread.onSpinWait();
        }
    }

    private int waitingForLocks() {
        return database.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                        select count(*) from pg_stat_activity
                        where wait_event_type = 'Lock' and datname = current_database()""").mapTo(Integer.class).one());
    }

    private long deadlocks() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "select deadlocks from pg_stat_database where datname = current_database()")
                        .mapTo(Long.class)
                        .one());
    }
}
