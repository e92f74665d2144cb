package dev.slipway.deploy.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.slipway.deploy.gate.Approval;
import dev.slipway.deploy.gate.GateAnswers;
import dev.slipway.deploy.plan.Direction;
import dev.slipway.deploy.release.ReleaseView;
import java.util.List;

/// One release with everything about it.
///
/// @param gates what each gate says now
/// @param plan the stored plan, from before the first step runs
/// @param compensation what undoes it, once it is being undone
public record ReleaseDetail(
        @JsonUnwrapped ReleaseView release,
        List<GateAnswers.Kept> gates,
        List<Approval> approvals,
        List<StepView> plan,
        List<StepView> compensation) {

    static ReleaseDetail of(ReleaseFacts facts) {
        return new ReleaseDetail(
                ReleaseView.of(facts.release()),
                facts.gates(),
                facts.approvals(),
                facts.steps(Direction.FORWARD),
                facts.steps(Direction.BACK));
    }
}
