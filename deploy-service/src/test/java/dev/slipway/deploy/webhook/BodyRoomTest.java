package dev.slipway.deploy.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.webhook.BodyRoom.Place;
import dev.slipway.web.Problem;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class BodyRoomTest {
    private static final int LARGE = 1 << 20;

    private final BodyRoom room = new BodyRoom(100_000, 2 * LARGE, Duration.ofMinutes(1));

    @Test
    void shouldLetNoMoreInThanFits() {
        Place first = room.enter(LARGE).join();
        room.enter(LARGE).join();

        CompletableFuture<Place> third = room.enter(LARGE);

        assertThat(third).isNotDone();
        first.leave();
        assertThat(third).isCompleted();
    }

    @Test
    void shouldLetThemInInTheOrderTheyCame() {
        Place all = room.enter(2 * LARGE).join();
        CompletableFuture<Place> second = room.enter(2 * LARGE);
        CompletableFuture<Place> third = room.enter(LARGE);

        all.leave();

        assertThat(second).isCompleted();
        assertThat(third).as("though it would have fitted earlier").isNotDone();
        second.join().leave();
        assertThat(third).isCompleted();
    }

    @Test
    void shouldForgetWhoWentAwayWaiting() {
        Place all = room.enter(2 * LARGE).join();
        CompletableFuture<Place> gone = room.enter(2 * LARGE);
        CompletableFuture<Place> next = room.enter(2 * LARGE);
        gone.cancel(false);

        all.leave();

        assertThat(next).isCompleted();
    }

    @Test
    void shouldNotLetSmallOnesWaitForLargeOnes() {
        room.enter(2 * LARGE).join();

        assertThat(room.enter(2_000)).isCompleted();
    }

    @Test
    void shouldTellSmallOnesAtOnceThatThereIsNoRoom() {
        room.enter(60_000).join();

        assertThat(room.enter(60_000))
                .isCompletedExceptionally()
                .satisfies(full -> assertThat(failure(full))
                        .isInstanceOfSatisfying(
                                Problem.class,
                                problem -> assertThat(problem.status()).isEqualTo(503)));
    }

    @Test
    void shouldTellLargeOnesWhenTheyHaveWaitedLongEnough() {
        BodyRoom impatient = new BodyRoom(0, LARGE, Duration.ofMillis(20));
        impatient.enter(LARGE).join();

        assertThat(impatient.enter(LARGE)).failsWithin(Duration.ofSeconds(10));
    }

    private static Throwable failure(CompletableFuture<?> future) {
        try {
            future.join();
            throw new AssertionError("it did not fail");
        } catch (CompletionException e) {
            return e.getCause();
        }
    }
}
