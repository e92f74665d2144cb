package dev.slipway.monitor.sample;

import java.time.Instant;
import java.util.Map;

/// One look at an environment's counters, successful or not.
public sealed interface Sample {
    /// When the question was asked: everything the answer shows was counted later than anything counted before
    /// it.
    Instant at();

    /// @param versions cumulative counters per version, as the metrics label it
    record Taken(Instant at, Map<String, Tally> versions) implements Sample {
        public Taken {
            versions = Map.copyOf(versions);
        }

        /// A version that nobody has asked anything yet has no counters.
        public Tally of(String version) {
            return versions.getOrDefault(version, Tally.NONE);
        }
    }

    /// @param reason why there are no counters, for people; never a secret
    record Missed(Instant at, String reason) implements Sample {}
}
