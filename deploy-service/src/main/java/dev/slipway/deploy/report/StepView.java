package dev.slipway.deploy.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.deploy.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A step of a plan and how far it got.
///
/// @param id also the stable key of its effect: scripts see it as `SLIPWAY_STEP_ID`, however often they are run
/// @param afterTakeover what is done about it when whoever did it died: `repeat`, `ask-or-repeat` (what happened is
/// read back first) or `ask-or-hold` (a person decides where nobody can tell)
/// @param attempts how often it was begun anew; a takeover goes on with the attempt it finds
/// @param direction `forward`, or `back` for the compensation
/// @param state `pending`, `running`, `waiting`, `done`, `broken`, `skipped` or `stopped`
/// @param limit how long it may take
/// @param took how long it took
/// @param note what it waits for, or why it is tried again
/// @param evidence what was observed in the end
/// @param lines what it wrote
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StepView(
        UUID id,
        String direction,
        String kind,
        String name,
        @Nullable Integer percent,
        String state,
        String afterTakeover,
        int attempts,
        Duration limit,
        @Nullable Instant startedAt,
        @Nullable Instant deadline,
        @Nullable Instant finishedAt,
        @Nullable Duration took,
        @Nullable String note,
        @Nullable String evidence,
        List<String> lines) {

    static StepView of(Step step) {
        Duration took = step.startedAt() == null || step.finishedAt() == null
                ? null
                : Duration.between(step.startedAt(), step.finishedAt());
        return new StepView(
                step.id(),
                step.direction().tag(),
                step.kind().tag(),
                step.name(),
                step.percent(),
                step.state().tag(),
                step.kind().afterTakeover().tag(),
                step.attempts(),
                step.limit(),
                step.startedAt(),
                step.deadline(),
                step.finishedAt(),
                took,
                step.note(),
                step.evidence(),
                step.lines());
    }
}
