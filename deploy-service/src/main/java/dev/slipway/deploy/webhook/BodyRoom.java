package dev.slipway.deploy.webhook;

import dev.slipway.web.Problem;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Keeps bodies from filling the memory together: a delivery has some ten kilobytes and may have 25
/// megabytes. Small bodies and large ones have rooms of their own, so nobody can shut the door on the
/// small ones by sending large ones slowly.
@Singleton
final class BodyRoom {
    static final int SMALL = 64 << 10;

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long SMALL_ROOM = 16L << 20;

    /// Two of the largest: one whose length nobody announced is in memory twice for a moment.
    private static final long LARGE_ROOM = 2L * WebhookResource.LARGEST_BODY;

    private final Room small;
    private final Room large;

    BodyRoom() {
        this(SMALL_ROOM, LARGE_ROOM, PATIENCE);
    }

    /// @param patience how long a large body waits for its room; a small one does not wait
    BodyRoom(long smallRoom, long largeRoom, Duration patience) {
        this.small = new Room(smallRoom, Duration.ZERO);
        this.large = new Room(largeRoom, patience);
    }

    /// Makes room for a body.
    ///
    /// @param bytes it will have at most
    /// @return done when there is room, which whoever asked gives back by [Place#leave]; failed with a
    /// [Problem] 503 when there was none in time
    CompletableFuture<Place> enter(long bytes) {
        return (bytes <= SMALL ? small : large).enter(bytes);
    }

    /// Room that is taken.
    interface Place {
        void leave();
    }

    private static final class Room {
        private final Duration patience;
        private final Deque<Guest> waiting = new ArrayDeque<>();
        private long left;

        Room(long bytes, Duration patience) {
            this.left = bytes;
            this.patience = patience;
        }

        private record Guest(long bytes, CompletableFuture<Place> place) {}

        CompletableFuture<Place> enter(long bytes) {
            synchronized (this) {
                if (waiting.isEmpty() && bytes <= left) {
                    left -= bytes;
                    return CompletableFuture.completedFuture(() -> leave(bytes));
                }
            }
            return patience.isZero() ? CompletableFuture.failedFuture(full()) : await(bytes);
        }

        private CompletableFuture<Place> await(long bytes) {
            CompletableFuture<Place> place = new CompletableFuture<>();
            Guest guest = new Guest(bytes, place);
            synchronized (this) {
                waiting.add(guest);
            }
            CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
                    .execute(() -> place.completeExceptionally(full()));
            admit();
            return place;
        }

        private void leave(long bytes) {
            synchronized (this) {
                left += bytes;
            }
            admit();
        }

        private void admit() {
            for (Guest guest = next(); guest != null; guest = next()) {
                long bytes = guest.bytes;
                // Whoever went away meanwhile needs no room.
                if (!guest.place.complete(() -> leave(bytes))) {
                    synchronized (this) {
                        left += bytes;
                    }
                }
            }
        }

        private synchronized @Nullable Guest next() {
            Guest first = waiting.peek();
            if (first == null || first.bytes > left) {
                return null;
            }
            left -= first.bytes;
            return waiting.remove();
        }

        private static Problem full() {
            return Problem.unavailable("Too many large deliveries at once.", PATIENCE);
        }
    }
}
