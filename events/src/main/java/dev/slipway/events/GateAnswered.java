package dev.slipway.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What one gate said. @param verdict `open`, `hold` or `deny`; @param until when it is worth asking again
public record GateAnswered(
        String gate,
        String verdict,
        String reason,
        @Nullable Instant until) {}
