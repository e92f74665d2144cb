package dev.slipway.events;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Every message of a situation was accepted by its receiver.
public record NoticeDelivered(
        @Nullable UUID requestId, @Nullable UUID release, String application, String situation, List<Message> messages)
        implements EventData.Custom {

    /// @param id the notice's id, the stable key its receiver saw; @param channel `email`, `slack`
    public record Message(UUID id, String audience, String channel) {}
}
