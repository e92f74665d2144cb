package dev.slipway.monitor.evidence;

/// One window of a [WindowMixture]: it sees all batches from `from` on.
///
/// @param from number of the batches before it, 0 for the step's first batch
/// @param weight its part of the stake; all windows of a release together have at most 1
/// @param cap how many of its worst batches are cut down to the next worst one, so that a hiccup of so many
///     batches never rolls anything back
public record Window(int from, double weight, int cap) {
    public Window {
        if (from < 0 || weight <= 0 || weight > 1 || cap < 0) {
            throw new IllegalArgumentException("not a window: from=%d weight=%s cap=%d".formatted(from, weight, cap));
        }
    }
}
