package dev.slipway.deploy.report;

import dev.slipway.deploy.gate.Approval;
import dev.slipway.deploy.gate.GateAnswers;
import dev.slipway.deploy.gate.GateOverride;
import dev.slipway.deploy.plan.Direction;
import dev.slipway.deploy.plan.Step;
import dev.slipway.deploy.release.History;
import dev.slipway.deploy.release.Release;
import dev.slipway.events.RollbackRequested;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything stored about a release, read in one transaction.
///
/// @param gates what each gate says now
/// @param said everything the gates said
/// @param current the release that is current in its environment now
record ReleaseFacts(
        Release release,
        List<Step> steps,
        List<GateAnswers.Kept> gates,
        List<GateAnswers.Kept> said,
        List<Approval> approvals,
        List<GateOverride> overrides,
        List<History.Entry> history,
        @Nullable RollbackRequested calledBack,
        @Nullable Release current) {

    List<StepView> steps(Direction direction) {
        return steps.stream()
                .filter(step -> step.direction() == direction)
                .map(StepView::of)
                .toList();
    }
}
