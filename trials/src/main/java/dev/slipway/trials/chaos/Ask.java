package dev.slipway.trials.chaos;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One thing asked of the suite while it is being broken.
sealed interface Ask {
    /// From the beginning.
    Duration at();

    /// A build CI calls good.
    ///
    /// @param build unique in a plan: names the commit
    /// @param cancel how long after the delivery was accepted a person cancels its first release; absent
    /// when nobody does
    /// @param repeats how often the delivery comes again after it was accepted
    record Push(
            Duration at,
            String application,
            String build,
            BuildKind kind,
            @Nullable Duration cancel,
            int repeats) implements Ask {}

    /// A backup on demand. @param proof `readback` or `restore`
    record Capture(Duration at, String application, String proof) implements Ask {}
}
