package dev.slipway.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.events.TokenUsed;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TokenUsesTest {
    private final AccessStory story = new AccessStory();
    private final TokenUses uses = story.uses("monitor-service");
    private final UUID token = UUID.randomUUID();

    @Test
    void shouldTellOnceADayThatATokenWasUsed() throws Exception {
        uses.used(token);
        uses.used(token);
        assertThat(told(1)).containsExactly("2026-03-01");

        story.clock.advance(Duration.ofDays(1));
        uses.used(token);

        assertThat(told(2)).containsExactly("2026-03-01", "2026-03-02");
        assertThat(uses.last(token)).contains(LocalDate.parse("2026-03-02"));
    }

    @Test
    void shouldNotTellAgainAfterAStartWhatTheTopicHas() throws Exception {
        uses.take(new TokenUsed(token, "monitor-service", "2026-03-01"));

        uses.used(token);
        story.clock.advance(Duration.ofDays(1));
        uses.used(token);

        assertThat(told(1)).containsExactly("2026-03-02");
    }

    @Test
    void shouldKnowTheLastDayOfAllServices() {
        uses.take(new TokenUsed(token, "backup-service", "2026-02-27"));
        uses.take(new TokenUsed(token, "notify-service", "2026-02-25"));

        assertThat(uses.last(token)).contains(LocalDate.parse("2026-02-27"));
        assertThat(uses.keysOf(token)).containsExactlyInAnyOrder(token + "/backup-service", token + "/notify-service");
        assertThat(uses.last(UUID.randomUUID())).isEmpty();
    }

    /// The telling goes on in the background: asked in short turns until it is done.
    private List<String> told(int most) {
        for (int turn = 0; turn < 200; turn++) {
            List<String> days = story.jdbi.withHandle(handle -> {
                handle.execute("select pg_sleep(0.02)");
                return handle.createQuery("select data->>'day' from outbox where key = :key order by seq")
                        .bind("key", token + "/monitor-service")
                        .mapTo(String.class)
                        .list();
            });
            if (days.size() >= most) {
                return days;
            }
        }
        throw new AssertionError("not told in " + TimeUnit.MILLISECONDS.toSeconds(4_000) + " s");
    }
}
