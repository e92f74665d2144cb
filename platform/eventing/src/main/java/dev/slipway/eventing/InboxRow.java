package dev.slipway.eventing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An event that the worker claimed.
///
/// @param attempts how often it was tried before
/// @param firstAttemptAt when it was tried for the first time; absent when it never was
/// @param traceparent the trace it belongs to; absent when nobody traced
record InboxRow(
        long seq,
        String key,
        byte[] value,
        String type,
        int attempts,
        @Nullable Instant firstAttemptAt,
        @Nullable String traceparent) {}
