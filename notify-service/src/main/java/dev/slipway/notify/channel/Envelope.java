package dev.slipway.notify.channel;

import dev.slipway.notify.audience.Situation;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What goes around a message, the same for every attempt.
///
/// @param notice the stable key by which the other side can recognise a second delivery
/// @param thread the first notice to the same address about the same release; null when this is it
/// @param release what it is about, for filters at the receiver
public record Envelope(
        UUID notice,
        @Nullable UUID thread,
        Situation situation,
        @Nullable UUID release) {}
