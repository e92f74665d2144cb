package dev.slipway.deploy.gate;

import dev.slipway.deploy.access.People;
import dev.slipway.deploy.release.ReleaseBeans;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/// The beans of this package, put together by hand.
public final class GateBeans {
    public final Approvals approvals = new Approvals();
    public final GateAnswers answers = new GateAnswers();
    public final People people =
            new People(List.of(new People.Known("ole", "ole-config", Set.of("github:ole-configured"))));
    public final ApproveRelease approve;
    public final Overrides overrides = new Overrides();
    public final OverrideGate override;
    public final TakeBackupAnswer backupAnswer;
    public final AskGates ask;

    public GateBeans(Clock clock, ReleaseBeans beans) {
        BackupQuestions questions = new BackupQuestions();
        FourEyes fourEyes = new FourEyes(people, beans.candidates);
        override = new OverrideGate(
                fourEyes, beans.releases, overrides, beans.manifests, beans.history, beans.work, clock);
        approve = new ApproveRelease(
                fourEyes, beans.releases, approvals, beans.manifests, beans.events, beans.work, clock);
        backupAnswer = new TakeBackupAnswer(questions, beans.releases, beans.work, beans.history, clock);
        ask = new AskGates(
                new SoakGate(beans.releases),
                new ApprovalsGate(approvals),
                new EnvironmentGate(beans.environments, beans.releases),
                new BackupGate(questions, beans.events, clock),
                beans.releases,
                beans.manifests,
                answers,
                overrides,
                beans.signals,
                beans.start,
                beans.events,
                beans.work,
                clock);
    }
}
