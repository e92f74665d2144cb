package dev.slipway.deploy.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A delivery as it is kept and shown.
///
/// @param id Slipway's own
/// @param deliveryId the sender's id for it
/// @param event the sender's word for what happened
/// @param verified whether its signature was right
/// @param verdict what became of it, see [Verdict]
/// @param reason why, in words
/// @param candidate what it made, or repeated
/// @param repeats the first delivery with the same id
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Delivery(
        UUID id,
        String application,
        String provider,
        String deliveryId,
        String event,
        boolean verified,
        String verdict,
        String reason,
        @Nullable UUID candidate,
        @Nullable UUID repeats,
        Instant receivedAt) {}
