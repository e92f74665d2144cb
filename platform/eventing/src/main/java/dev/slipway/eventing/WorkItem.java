package dev.slipway.eventing;

/// Due work that was claimed.
///
/// @param attempt 1 for the first try; grows while tries end in an exception or die with their process
/// @param takenOver an earlier owner's lease ran out: what it did outside may have happened, ask before doing it again
public record WorkItem(String kind, String id, int attempt, boolean takenOver) {}
