package dev.slipway.eventing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.WatchFinished;
import dev.slipway.testkit.TestBroker;
import dev.slipway.testkit.TestDatabase;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Two services whose broker or database goes away and comes back, with real ones.
class DependenciesTest {
    private static final int EVENTS = 20;

    @AutoClose
    private final TestBroker broker = TestBroker.started();

    private final Clock clock = Clock.systemUTC();
    private final EventingStory story = new EventingStory();
    private final Jdbi monitor = TestDatabase.fresh("db/eventing").jdbi();
    private final TestDatabase receiving = TestDatabase.fresh("db/eventing");
    private final Jdbi deploy = receiving.jdbi();
    private final BlockingQueue<String> handled = new LinkedBlockingQueue<>();
    private final List<Pumps> running = new ArrayList<>(List.of(
            pumps(monitor, Catalogue.MONITOR, List.of()), pumps(deploy, Catalogue.DEPLOY, List.of(new Notes()))));

    @AfterEach
    void stop() throws InterruptedException {
        for (Pumps pumps : running) {
            pumps.stop(new ShutdownEvent());
        }
    }

    @Test
    void shouldAcceptWhileTheBrokerIsAwayAndCarryOnWhenItIsBack() throws Exception {
        say("before");
        awaitHandled("before");
        broker.stop();

        List<String> said =
                IntStream.range(0, EVENTS).mapToObj(n -> "away " + n).toList();
        said.forEach(this::say);
        HealthCheckResponse ready = readiness();
        assertThat(ready.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
        assertThat(ready.getData().orElseThrow()).containsEntry("broker", "down");
        assertThat(handled).isEmpty();
        broker.start();

        for (String each : said) {
            assertThat(handled.poll(60, TimeUnit.SECONDS)).as("in their order").isEqualTo(each);
        }
        assertThat(effects()).as("each once").hasSize(EVENTS + 1).doesNotHaveDuplicates();
    }

    @Test
    void shouldDoNothingByHalvesWhileTheDatabaseIsAwayAndCarryOnWhenItIsBack() throws Exception {
        say("before");
        awaitHandled("before");
        turnDatabaseAway();

        List<String> said =
                IntStream.range(0, EVENTS).mapToObj(n -> "away " + n).toList();
        said.forEach(this::say);
        awaitPublished();
        letDatabaseBack();

        for (String each : said) {
            awaitHandled(each);
        }
        assertThat(effects())
                .as("each once, none by halves")
                .hasSize(EVENTS + 1)
                .doesNotHaveDuplicates();
    }

    private void say(String reason) {
        monitor.useTransaction(tx -> new Outbox(clock).write(tx, "r1", story.finished(reason)));
    }

    private void awaitHandled(String reason) throws InterruptedException {
        String seen = handled.poll(60, TimeUnit.SECONDS);
        while (seen != null && !seen.equals(reason)) {
            seen = handled.poll(60, TimeUnit.SECONDS);
        }
        assertThat(seen).isEqualTo(reason);
    }

    private void awaitPublished() {
        for (int turn = 0; turn < 100; turn++) {
            int left = monitor.withHandle(
                    handle -> handle.createQuery("select count(*) from outbox where published_at is null")
                            .mapTo(Integer.class)
                            .one());
            if (left == 0) {
                return;
            }
            monitor.useHandle(handle -> handle.execute("select pg_sleep(0.1)"));
        }
        throw new AssertionError("the other service goes on");
    }

    /// As far as the service can see, it is gone: nobody gets in, and who was in is out.
    private void turnDatabaseAway() {
        monitor.useHandle(handle -> {
            handle.execute("alter database " + receiving.name() + " allow_connections false");
            handle.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = ?", receiving.name());
        });
    }

    private void letDatabaseBack() {
        monitor.useHandle(handle -> handle.execute("alter database " + receiving.name() + " allow_connections true"));
    }

    /// All effects, once nothing waits any more: what is handled is seen by others when its transaction is over.
    private List<String> effects() {
        for (int turn = 0; turn < 100 && waiting() > 0; turn++) {
            deploy.useHandle(handle -> handle.execute("select pg_sleep(0.1)"));
        }
        return deploy.withHandle(handle -> handle.createQuery("select what from effect order by what")
                .mapTo(String.class)
                .list());
    }

    private int waiting() {
        return deploy.withHandle(handle -> handle.createQuery("select count(*) from inbox where state = 'pending'")
                .mapTo(Integer.class)
                .one());
    }

    private HealthCheckResponse readiness() {
        BrokerReadiness readiness = new BrokerReadiness(kafka("readiness"), clock);
        try {
            return readiness.call();
        } finally {
            readiness.close();
        }
    }

    private KafkaSettings kafka(String group) {
        return new KafkaSettings(broker.bootstrapServers(), group, Optional.of("one"));
    }

    private Pumps pumps(Jdbi jdbi, String service, List<EventHandler<?>> events) {
        jdbi.useHandle(handle -> handle.execute("create table effect (what text)"));
        return new Pumps(
                jdbi,
                clock,
                kafka(service),
                SchemaGuards.knowing(jdbi, clock),
                new WorkQueue(clock),
                events,
                List.of(),
                service,
                new PumpSettings(true, Duration.ofMinutes(5), 2, Duration.ofSeconds(15), 1, Duration.ofMillis(200)));
    }

    private final class Notes implements EventHandler<WatchFinished> {
        @Override
        public Class<WatchFinished> type() {
            return WatchFinished.class;
        }

        @Override
        public Handled handle(Handle tx, Event<WatchFinished> event) {
            tx.execute("insert into effect values (?)", event.data().reason());
            handled.add(event.data().reason());
            return Handled.applied();
        }
    }
}
