package dev.slipway.eventing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.Topics;
import dev.slipway.events.WatchCounts;
import dev.slipway.events.WatchFinished;
import dev.slipway.events.WatchHeld;
import dev.slipway.testkit.TestDatabase;
import dev.slipway.testkit.TestKafka;
import io.quarkus.runtime.ShutdownEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Wherever a process is halted between two writes, the one that comes after it leaves the same state.
class CrashPointsTest {
    private static final Duration TURN = Duration.ofMillis(100);
    private static final int TURNS = 300;

    private final Clock clock = Clock.systemUTC();
    private final TestDatabase database = TestDatabase.fresh("db/eventing");
    private final Jdbi jdbi = database.jdbi();
    private final String group = "crash-" + UUID.randomUUID();
    private final String ours = "halted " + UUID.randomUUID();

    @ParameterizedTest
    @EnumSource
    void shouldEndTheSameWhereverItIsHalted(CrashPoint point) throws Exception {
        CrashingService.createTables(jdbi);
        Event<WatchHeld> event = held();
        publish(event);

        assertThat(runUntilHalted(point)).as("the process reached its point").isEqualTo(CrashPoint.STATUS);
        Pumps next = new CrashingService(jdbi, jdbi, ours).start(TestKafka.bootstrapServers(), group);
        try {
            await(point);
        } finally {
            next.stop(new ShutdownEvent());
        }

        String id = event.id().toString();
        assertThat(texts("select id from effect")).as("its effect").containsExactly(id);
        assertThat(texts("select key from recorded")).as("what was recorded").containsExactly(id);
        assertThat(texts("select state from inbox where event_id = '" + id + "'"))
                .containsExactly("done");
        assertThat(texts("select key from outside"))
                .as("outside: at least once, always under the same key")
                .containsOnly(id)
                // The halt may meet another thread between the effect outside and its record.
                .hasSizeBetween(1, 2);
        assertThat(publishedIds(event.data().release().toString()))
                .as("on the topic: perhaps twice, always the same event")
                .hasSize(1);
    }

    private int runUntilHalted(CrashPoint point) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashingService.class.getName(),
                        point.name(),
                        database.url(),
                        database.user(),
                        database.password(),
                        TestKafka.bootstrapServers(),
                        group,
                        ours))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } finally {
            process.destroyForcibly();
        }
    }

    /// Until nothing is left to do, asked in turns.
    private void await(CrashPoint point) {
        for (int turn = 0; turn < TURNS; turn++) {
            if (texts("select key from recorded").size() == 1
                    && texts("select kind from work").isEmpty()
                    && texts("select key from outbox where published_at is null")
                            .isEmpty()) {
                return;
            }
            jdbi.useHandle(handle -> handle.execute("select pg_sleep(?)", TURN.toMillis() / 1000.0));
        }
        throw new AssertionError("nothing more happens after a halt at " + point);
    }

    private Event<WatchHeld> held() {
        return new Event<>(
                Ids.next(clock),
                "/slipway/monitor-service",
                "release",
                clock.instant(),
                UUID.randomUUID(),
                new WatchHeld(
                        UUID.randomUUID(),
                        "shop",
                        "shop/production",
                        UUID.randomUUID(),
                        new WatchCounts(1, 0, 1, 0),
                        ours));
    }

    /// As another service does.
    private void publish(Event<WatchHeld> event) {
        Jdbi other = TestDatabase.fresh("db/eventing").jdbi();
        other.useTransaction(
                tx -> new Outbox(clock).write(tx, event.data().release().toString(), event));
        try (Relay relay = new Relay(kafka("publisher")::producer, clock)) {
            assertThat(relay.publish(other)).isEqualTo(1);
        }
    }

    /// Ids of the events the service published, as anybody can read them.
    private Set<UUID> publishedIds(String release) {
        Set<UUID> ids = new HashSet<>();
        try (var consumer = kafka("reader-" + UUID.randomUUID()).consumer()) {
            consumer.subscribe(List.of(Topics.WATCH));
            for (int polls = 0, silent = 0; silent < 3 && polls < 40; polls++) {
                var records = consumer.poll(Duration.ofMillis(300));
                silent = records.isEmpty() && !ids.isEmpty() ? silent + 1 : 0;
                for (ConsumerRecord<String, byte[]> record : records) {
                    if (!release.equals(record.key())) {
                        continue; // the broker is shared: tombstones and nonsense of other tests lie here too
                    }
                    EventCodec.read(record.value())
                            .filter(event -> event.data() instanceof WatchFinished finished
                                    && finished.reason().equals(ours))
                            .ifPresent(event -> ids.add(event.id()));
                }
            }
        }
        return ids;
    }

    private static KafkaSettings kafka(String group) {
        return new KafkaSettings(TestKafka.bootstrapServers(), group, Optional.empty());
    }

    private List<String> texts(String query) {
        return jdbi.withHandle(
                handle -> handle.createQuery(query).mapTo(String.class).list());
    }
}
