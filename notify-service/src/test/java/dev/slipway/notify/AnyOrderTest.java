package dev.slipway.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.store.FolderException;
import dev.slipway.events.Event;
import dev.slipway.events.GateAnswered;
import dev.slipway.testkit.RealBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Everything the service hears of a release: late, twice and in any order. Real PostgreSQL, SMTP and HTTP.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@QuarkusTestResource(Receivers.class)
class AnyOrderTest {
    private static final int SEEDS = 12;

    @Inject
    NotifyStory story;

    @Test
    void shouldTellTheSameOnceInWhateverOrderItHears() throws Exception {
        List<Event<?>> events = events(Samples.of(story.manifest()));
        List<String> inOrder = told(events, new Random(0));
        assertThat(inOrder).hasSizeGreaterThan(20).doesNotHaveDuplicates();

        for (int seed = 1; seed <= SEEDS; seed++) {
            Random random = new Random(seed);
            List<Event<?>> post = new ArrayList<>(events);
            post.addAll(events.stream().filter(_ -> random.nextBoolean()).toList());
            Collections.shuffle(post, random);

            assertThat(told(post, random)).as("seed %d", seed).isEqualTo(inOrder);
        }
    }

    /// Begins anew. @return who was told what, and what receivers counted
    private List<String> told(List<Event<?>> post, Random random) throws FolderException {
        story.begin();
        for (Event<?> event : post) {
            story.happens(event);
            if (random.nextInt(3) == 0) {
                story.runDue();
            }
        }
        story.runDue();
        List<String> told = new ArrayList<>(story.jdbi.withHandle(
                handle -> handle.createQuery("""
                        select o.key || ' ' || n.audience || ' ' || n.channel || ' ' || n.phase
                        from notice n join occasion o on o.id = n.occasion order by 1""").mapTo(String.class).list()));
        told.add("mails " + Receivers.MAIL.received().size());
        told.add("posts " + Receivers.SLACK.posts.size());
        return told;
    }

    private static List<Event<?>> events(Samples release) {
        return List.of(
                release.accepted(),
                release.queued(),
                release.gated(false, new GateAnswered("window", "hold", "closed", null)),
                release.approved(),
                release.started("announce", "deploy"),
                release.requested(UUID.randomUUID(), "release-started", Map.of()),
                release.backupFailed(),
                release.watchHeld(),
                release.incident(true),
                release.held(),
                release.rollingBack(),
                release.finished("failed", "v6"));
    }
}
