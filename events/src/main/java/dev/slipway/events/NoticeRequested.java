package dev.slipway.events;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/// A plan's step asks that an audience hears of the release; answered by [NoticeDelivered] or [NoticeFailed].
///
/// @param requestId the step's id: the same for every repetition of the request
/// @param situation which template, e.g. `release-started`
/// @param details facts for the template, by name
/// @param deadline after it the step stops waiting
public record NoticeRequested(
        UUID requestId, ReleaseRef release, String situation, Map<String, String> details, Instant deadline)
        implements EventData.Custom {}
