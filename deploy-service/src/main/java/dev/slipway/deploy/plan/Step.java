package dev.slipway.deploy.plan;

import dev.slipway.events.EventData;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One step of a stored plan and how far it got.
///
/// @param id the stable key of everything it does outside
/// @param seq place in its plan, from 1
/// @param attempts how often it was begun; a takeover is no new attempt
/// @param askedAt when its question, if it has one, went out
/// @param deadline when its time is over
/// @param overdueAt when it was first seen past its deadline
/// @param note what it waits for, or why it is tried again
/// @param evidence what was observed in the end
/// @param answer the event that answered it
public record Step(
        UUID id,
        UUID release,
        Direction direction,
        int seq,
        StepKind kind,
        String name,
        @Nullable Integer percent,
        Duration limit,
        StepState state,
        int attempts,
        @Nullable Instant startedAt,
        @Nullable Instant askedAt,
        @Nullable Instant deadline,
        @Nullable Instant overdueAt,
        @Nullable Instant finishedAt,
        @Nullable String note,
        @Nullable String evidence,
        List<String> lines,
        @Nullable EventData answer) {
    public Step {
        lines = List.copyOf(lines);
    }
}
