package dev.slipway.eventing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.events.Event;
import dev.slipway.events.WatchFinished;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/// Replicas of a service at the same database at the same moment.
class ReplicasTest {
    private static final int REPLICAS = 3;
    private static final int MANY = 150;
    private static final int KEYS = 5;
    private static final Duration LEASE = Duration.ofSeconds(15);

    private final EventingStory story = new EventingStory();
    private final WorkQueue queue = new WorkQueue(story.clock);

    /// Schedules, steps and notices are due work.
    @Test
    void shouldRunEachPieceOfDueWorkInOneReplicaOnly() throws Exception {
        Map<String, AtomicInteger> ran = new ConcurrentHashMap<>();
        WorkHandler handler = new WorkHandler() {
            @Override
            public String kind() {
                return "test";
            }

            @Override
            public WorkResult run(WorkItem item) {
                ran.computeIfAbsent(item.id(), _ -> new AtomicInteger()).incrementAndGet();
                return WorkResult.done(_ -> {});
            }
        };
        story.jdbi.useTransaction(tx -> IntStream.range(0, MANY)
                .forEach(number -> queue.schedule(tx, "test", "w" + number, story.clock.instant())));

        List<Integer> shares = together(replica ->
                new WorkRunner(story.jdbi, queue, story.clock, "replica-" + replica, LEASE, List.of(handler)).runDue());

        assertThat(ran).hasSize(MANY);
        assertThat(ran.values()).extracting(AtomicInteger::get).containsOnly(1);
        assertThat(shares.stream().mapToInt(Integer::intValue).sum()).isEqualTo(MANY);
    }

    @Test
    void shouldWorkEachEventOffOnceAndInTheOrderOfItsKey() throws Exception {
        story.jdbi.useHandle(handle -> handle.execute("create table effect (place serial, number int unique)"));
        for (int number = 0; number < MANY; number++) {
            story.arrives("key-" + number % KEYS, story.finished(Integer.toString(number)));
        }

        together(_ -> new InboxWorker(story.jdbi, story.clock, EventingStory.RETRY_DEADLINE, List.of(new Writes()))
                .workOff());

        for (int key = 0; key < KEYS; key++) {
            List<Integer> numbers = numbersOf(key);
            assertThat(numbers).isSorted().hasSize(MANY / KEYS);
        }
    }

    private List<Integer> numbersOf(int key) {
        return story.jdbi.withHandle(
                handle -> handle.select("select number from effect where number % ? = ? order by place", KEYS, key)
                        .mapTo(Integer.class)
                        .list());
    }

    private static final class Writes implements EventHandler<WatchFinished> {
        @Override
        public Class<WatchFinished> type() {
            return WatchFinished.class;
        }

        @Override
        public Handled handle(Handle tx, Event<WatchFinished> event) {
            tx.execute(
                    "insert into effect (number) values (?)",
                    Integer.parseInt(event.data().reason()));
            return Handled.applied();
        }
    }

    private interface Replica {
        int run(int number);
    }

    /// All of them from the same moment on.
    private static List<Integer> together(Replica replica) throws Exception {
        CyclicBarrier start = new CyclicBarrier(REPLICAS);
        List<Future<Integer>> running = new ArrayList<>();
        List<Integer> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(REPLICAS)) {
            for (int number = 0; number < REPLICAS; number++) {
                int own = number;
                Callable<Integer> run = () -> {
                    start.await(10, TimeUnit.SECONDS);
                    return replica.run(own);
                };
                running.add(threads.submit(run));
            }
            for (Future<Integer> each : running) {
                results.add(each.get(60, TimeUnit.SECONDS));
            }
        }
        return results;
    }
}
