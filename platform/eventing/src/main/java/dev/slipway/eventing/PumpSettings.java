package dev.slipway.eventing;

import java.time.Duration;

/// How the loops of a service go about their work: `slipway.*`.
///
/// @param enabled whether they run at all
/// @param retryDeadline how long after its first attempt an event is tried again
/// @param workers threads that work the inbox off, each with events of other keys
/// @param lease for how long due work belongs to whoever claimed it and says nothing more
/// @param concurrency pieces of due work a replica has in hand at most
/// @param poll how long a loop sleeps that nobody wakes
record PumpSettings(
        boolean enabled, Duration retryDeadline, int workers, Duration lease, int concurrency, Duration poll) {}
