package dev.slipway.events;

/// Requests and bad requests of both sides in the window that decided.
public record WatchCounts(long candidateRequests, long candidateErrors, long baselineRequests, long baselineErrors) {}
