package dev.slipway.events;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// At least one message of a situation was given up. @param reason of the first one, for people
public record NoticeFailed(
        @Nullable UUID requestId,
        @Nullable UUID release,
        String application,
        String situation,
        String reason,
        List<NoticeDelivered.Message> failed)
        implements EventData.Custom {}
