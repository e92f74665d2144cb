package dev.slipway.monitor.watch;

import java.time.Instant;
import java.util.UUID;

/// Where the watch of one traffic step stands.
sealed interface WatchState {
    /// Why it stands there, for people.
    String reason();

    /// Batches are judged.
    sealed interface Open extends WatchState {}

    /// Nothing moves it any more.
    sealed interface Closed extends WatchState {}

    record Watching(String reason) implements Open {}

    /// People were told that the watch can't decide; it goes on, and may still pass or call back.
    record Held(Instant at, String reason) implements Open {}

    /// The next step may come. Until it does, the candidate is still watched and may be called back.
    record Passed(Instant at, String reason) implements Open {}

    record CalledBack(Instant at, String reason, UUID incident) implements Closed {}

    /// The strict watch after 100 % is over.
    record Finished(Instant at, String reason) implements Closed {}

    /// Something else ended it: the next step, or the end of the release.
    record Ended(Instant at, String reason) implements Closed {}
}
