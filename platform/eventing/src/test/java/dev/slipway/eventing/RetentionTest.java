package dev.slipway.eventing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.events.Event;
import dev.slipway.events.WatchFinished;
import dev.slipway.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final Duration OUTBOX = Duration.ofDays(3);
    private static final Duration INBOX = Duration.ofDays(30);

    private final EventingStory story = new EventingStory();
    private final InboxWorker worker = story.worker((_, event) -> {
        if (event.data().reason().equals("bad")) {
            throw new PermanentFailure("no such release");
        }
    });

    @Test
    void shouldForgetSettledEventsWhenNoTopicHoldsThemAnyMore() {
        story.arrives("r1", story.finished("old"));
        worker.workOff();
        story.clock.advance(INBOX.minusSeconds(1));
        story.arrives("r1", story.finished("young"));
        worker.workOff();

        assertThat(retention().prune()).as("a second too early").isZero();
        story.clock.advance(Duration.ofSeconds(2));
        assertThat(retention().prune()).isEqualTo(1);

        assertThat(story.states()).containsExactly("done");
    }

    @Test
    void shouldKnowAnEventForAsLongAsATopicCanHoldIt() {
        Event<WatchFinished> event = story.finished("once");
        story.arrives("r1", event);
        worker.workOff();
        story.clock.advance(Retention.TOPICS_HOLD);

        retention(Retention.TOPICS_HOLD.plusSeconds(1)).prune();
        story.arrives("r1", event);
        worker.workOff();

        assertThat(story.handled).containsExactly("once");
    }

    @Test
    void shouldKeepWhatIsDeadOrWaitsHoweverOld() {
        story.arrives("r1", story.finished("bad"));
        story.arrives("r1", story.finished("behind it"));
        story.arrives("r2", "no json");
        worker.workOff();
        story.jdbi.useTransaction(tx -> {
            story.outbox.write(tx, "r1", story.finished("never published"));
            story.outbox.write(tx, "r2", story.finished("too large"));
            tx.execute("update outbox set set_aside_at = now(), fault = 'too large' where key = 'r2'");
        });
        story.clock.advance(Duration.ofDays(1_000));

        assertThat(retention().prune()).isZero();
    }

    @Test
    void shouldForgetWhatWasPublishedLongAgoInManySmallSteps() {
        story.jdbi.useTransaction(tx -> {
            for (int n = 0; n < 2_500; n++) {
                story.outbox.write(tx, "r1", story.finished("published " + n));
            }
            tx.execute("update outbox set published_at = created_at");
            story.outbox.write(tx, "r1", story.finished("unpublished"));
        });
        story.clock.advance(OUTBOX.plusSeconds(1));

        assertThat(retention().prune()).isEqualTo(2_500);

        List<String> left = story.jdbi.withHandle(handle -> handle.createQuery("select data ->> 'reason' from outbox")
                .mapTo(String.class)
                .list());
        assertThat(left).containsExactly("unpublished");
    }

    @Test
    void shouldLeaveItToTheReplicaThatIsAtIt() {
        story.arrives("r1", story.finished("old"));
        worker.workOff();
        story.clock.advance(INBOX.plusSeconds(1));
        try (Handle other = story.jdbi.open()) {
            other.begin();
            other.execute("select pg_advisory_xact_lock(" + 0x51_1b_3a_9eL + ")");

            assertThat(retention().prune()).isZero();

            other.rollback();
        }
        assertThat(retention().prune()).isEqualTo(1);
    }

    @Test
    void shouldRefuseToForgetIdsThatMayComeAgain() {
        assertThatThrownBy(() -> retention(Duration.ofDays(14)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("slipway.retention.inbox is PT336H")
                .hasMessageContaining("outlive the topics");
        assertThatCode(() -> retention(Duration.ofDays(22))).doesNotThrowAnyException();
    }

    /// As in the suite: the owner migrates and prunes, the service's role reads and writes.
    @Test
    void shouldPruneAsTheOwnerAndByNobodyElse() {
        TestDatabase database = TestDatabase.fresh();
        Jdbi admin = database.jdbi();
        admin.useHandle(handle -> {
            handle.execute("create role pruning_owner login password 'o'");
            handle.execute("create role pruning_app login password 'a'");
            handle.execute("grant all on schema public to pruning_owner");
            handle.execute("grant usage on schema public to pruning_app");
            handle.execute("alter default privileges for role pruning_owner in schema public"
                    + " grant select, insert, update, delete on tables to pruning_app");
            handle.execute("alter default privileges for role pruning_owner in schema public"
                    + " grant usage, select, update on sequences to pruning_app");
        });
        // The database's own URL names its user.
        String url = "jdbc:postgresql://localhost:%d/%s".formatted(TestDatabase.port(), database.name());
        Flyway.configure()
                .dataSource(url, "pruning_owner", "o")
                .locations("db/eventing")
                .load()
                .migrate();
        Jdbi app = Jdbi.create(url, "pruning_app", "a");
        app.useTransaction(tx -> {
            story.outbox.write(tx, "r1", story.finished("published"));
            tx.execute("update outbox set published_at = created_at");
        });
        story.clock.advance(OUTBOX.plusSeconds(1));

        assertThatThrownBy(() -> app.useHandle(handle -> handle.execute("delete from outbox")))
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> app.useHandle(handle -> handle.execute("delete from inbox")))
                .hasMessageContaining("permission denied");
        OwnerDatabase owner = new OwnerDatabase(
                url, Optional.of("pruning_app"), Optional.of("a"), Optional.of("pruning_owner"), Optional.of("o"));
        assertThat(new Retention(story.clock, owner, OUTBOX, INBOX, List.of()).prune())
                .isEqualTo(1);
    }

    private Retention retention() {
        return retention(INBOX);
    }

    private Retention retention(Duration inbox) {
        return new Retention(story.clock, new OwnerDatabase(story.jdbi), OUTBOX, inbox, List.of());
    }
}
