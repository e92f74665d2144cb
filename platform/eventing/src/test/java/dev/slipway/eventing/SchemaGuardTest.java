package dev.slipway.eventing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.WatchFinished;
import dev.slipway.testkit.TestKafka;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

class SchemaGuardTest {
    private final EventingStory story = new EventingStory();
    private final SchemaGuard guard = SchemaGuards.knowing(story.jdbi, story.clock);

    @Test
    void shouldWorkOnTheSchemaItKnows() {
        assertThat(guard.mayWork()).isTrue();
        assertThat(new SchemaReadiness(guard).call().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void shouldStopTakingWorkWhenANewerReplicaHasMigrated() {
        assertThat(guard.mayWork()).isTrue();

        migrate(story.jdbi, "99.1");
        story.clock.advance(Duration.ofSeconds(1));

        assertThat(guard.mayWork()).isFalse();
        HealthCheckResponse ready = new SchemaReadiness(guard).call();
        assertThat(ready.getStatus()).isEqualTo(Status.DOWN);
        assertThat(ready.getData().orElseThrow())
                .containsEntry("schema", "newer than this program")
                .containsEntry("unknown", "99.1");
    }

    @Test
    void shouldNotMindAMigrationThatFailed() {
        story.jdbi.useHandle(handle -> handle.execute("""
                insert into flyway_schema_history
                    (installed_rank, version, description, type, script, installed_by, execution_time, success)
                values (98, '98', 'broken', 'SQL', 'V98__broken.sql', 'somebody', 1, false)"""));

        assertThat(guard.mayWork()).isTrue();
    }

    @Test
    void shouldLeaveEventsWorkAndOutboxToTheNewerReplica() throws InterruptedException {
        Clock real = Clock.systemUTC();
        SchemaGuard older = new SchemaGuard(story.jdbi, real, SchemaGuards.versions(story.jdbi));
        migrate(story.jdbi, "99.1");
        Event<WatchFinished> event = story.finished("for the newer one");
        story.arrives("r1", event);
        story.jdbi.useTransaction(tx -> {
            story.outbox.write(tx, "r1", story.finished("unpublished"));
            new WorkQueue(real).schedule(tx, "test", "one", real.instant());
        });

        Pumps pumps = new Pumps(
                story.jdbi,
                real,
                new KafkaSettings(TestKafka.bootstrapServers(), "older-" + UUID.randomUUID(), Optional.empty()),
                older,
                new WorkQueue(real),
                List.of(),
                List.of(new Takes()),
                Catalogue.DEPLOY,
                new PumpSettings(true, Duration.ofMinutes(1), 2, Duration.ofSeconds(15), 1, Duration.ofMillis(20)));
        try {
            // many of its turns
            story.jdbi.useHandle(handle -> handle.execute("select pg_sleep(1)"));
        } finally {
            pumps.stop(new ShutdownEvent());
        }

        assertThat(story.states()).containsExactly("pending");
        assertThat(count("outbox where published_at is null")).isEqualTo(1);
        assertThat(count("work where owner is null")).isEqualTo(1);
    }

    /// Would do the work, were it asked to.
    private static final class Takes implements WorkHandler {
        @Override
        public String kind() {
            return "test";
        }

        @Override
        public WorkResult run(WorkItem item) {
            return WorkResult.done(_ -> {});
        }
    }

    private int count(String rows) {
        return story.jdbi.withHandle(handle -> handle.createQuery("select count(*) from " + rows)
                .mapTo(Integer.class)
                .one());
    }

    private static void migrate(Jdbi jdbi, String version) {
        jdbi.useHandle(handle -> handle.execute("""
                insert into flyway_schema_history
                    (installed_rank, version, description, type, script, installed_by, execution_time, success)
                values (99, ?, 'newer', 'SQL', 'newer.sql', 'newer', 1, true)""", version));
    }
}
