package dev.slipway.deploy.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.deploy.DeployStory;
import dev.slipway.eventing.Ids;
import dev.slipway.eventing.Prunable;
import dev.slipway.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeliveryRetentionTest {
    private static final Duration BODIES = Duration.ofDays(7);
    private static final Duration IDS = Duration.ofDays(90);
    private static final int MANY = 1_000;

    private final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");
    private final Jdbi jdbi = DeployStory.database().jdbi();
    private final Prunable bodies = new DeliveryRetention.Bodies(BODIES);
    private final Prunable ids = new DeliveryRetention.Ids(IDS, BODIES);

    @Test
    void shouldForgetBodiesSoonAndIdsLate() {
        delivered("first", null);
        clock.advance(BODIES.plusSeconds(1));
        delivered("second", null);

        assertThat(prune(bodies)).isEqualTo(1);
        assertThat(prune(ids)).isZero();
        assertThat(known()).containsExactly("first", "second");
        clock.advance(IDS.minus(BODIES));
        assertThat(prune(bodies)).isEqualTo(1);
        assertThat(prune(ids)).isEqualTo(1);

        assertThat(known()).containsExactly("second");
    }

    @Test
    void shouldKnowADeliveryForAsLongAsItsRepetition() {
        UUID first = delivered("first", null);
        clock.advance(Duration.ofDays(3));
        delivered("first", first);
        clock.advance(IDS.minus(Duration.ofDays(2)));
        prune(bodies);

        assertThat(prune(ids))
                .as("the first is old enough, its repetition is not")
                .isZero();
        clock.advance(Duration.ofDays(3));

        assertThat(prune(ids) + prune(ids)).isEqualTo(2);
        assertThat(known()).isEmpty();
    }

    @Test
    void shouldRefuseToForgetIdsThatMayComeAgain() {
        assertThatThrownBy(() -> new DeliveryRetention.Ids(Duration.ofDays(2), Duration.ofDays(1)))
                .hasMessageContaining("slipway.retention.deliveries is PT48H");
        assertThatThrownBy(() -> new DeliveryRetention.Ids(BODIES, BODIES.plusDays(1)))
                .hasMessageContaining("no less than their bodies");
    }

    private UUID delivered(String id, @Nullable UUID repeats) {
        UUID row = Ids.next(clock);
        jdbi.useTransaction(tx -> {
            tx.createUpdate("""
                            insert into delivery (id, application, provider, delivery, event, verified, repeats, verdict,
                                                  reason, received_at, body_sha256)
                            values (:row, 'shop', 'github', :id, 'workflow_run', true, cast(:repeats as uuid), 'ignored',
                                    'another branch', :now, 'hash')""")
                    .bind("row", row)
                    .bind("id", id)
                    .bind("repeats", repeats == null ? null : repeats.toString())
                    .bind("now", clock.instant())
                    .execute();
            tx.execute("insert into delivery_body (delivery, body) values (?, ?)", row, new byte[] {1});
        });
        return row;
    }

    private int prune(Prunable prunable) {
        return jdbi.inTransaction(tx -> prunable.prune(tx, clock.instant(), MANY));
    }

    private List<String> known() {
        return jdbi.withHandle(handle -> handle.createQuery("select delivery from delivery order by received_at")
                .mapTo(String.class)
                .list());
    }
}
