package dev.slipway.monitor.watch;

import dev.slipway.monitor.evidence.Counts;
import java.time.Instant;

/// A stretch of time between two samples of one traffic step.
///
/// @param number 1 for the step's first whole batch
/// @param total cumulative counts of the step at its end
record Batch(int number, Instant startedAt, Instant endedAt, Counts total) {}
