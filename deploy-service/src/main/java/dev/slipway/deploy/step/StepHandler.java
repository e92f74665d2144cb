package dev.slipway.deploy.step;

import dev.slipway.deploy.plan.StepKind;
import dev.slipway.events.EventData;
import java.util.List;
import java.util.Set;

/// Does the steps of some kinds. Called outside a transaction; may block. It has to stand being called again for the
/// same attempt, as [StepKind#afterTakeover] says.
interface StepHandler {
    Set<StepKind> kinds();

    StepResult run(StepContext context);

    /// Said when an attempt begins, before [#run].
    default List<EventData> beginning(StepContext context) {
        return List.of();
    }
}
