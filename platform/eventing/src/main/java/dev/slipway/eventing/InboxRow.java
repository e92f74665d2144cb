package dev.slipway.eventing;

import dev.slipway.audit.Cause;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An event that the worker claimed.
///
/// @param source who said it, and `eventId` under which id: what makes it this one event
/// @param attempts how often it was tried before
/// @param firstAttemptAt when it was tried for the first time; absent when it never was
/// @param traceparent the trace it belongs to; absent when nobody traced
record InboxRow(
        long seq,
        String key,
        String source,
        String eventId,
        byte[] value,
        String type,
        int attempts,
        @Nullable Instant firstAttemptAt,
        @Nullable String traceparent) {

    /// Why what its handler changes is changed.
    Cause cause() {
        return Cause.event(source, eventId, type);
    }
}
