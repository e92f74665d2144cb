package dev.slipway.deploy.gate;

import dev.slipway.deploy.release.ReleaseBeans;
import java.time.Clock;

/// The beans of this package, put together by hand.
public final class GateBeans {
    public final Approvals approvals = new Approvals();
    public final GateAnswers answers = new GateAnswers();
    public final ApproveRelease approve;
    public final TakeBackupAnswer backupAnswer;
    public final AskGates ask;

    public GateBeans(Clock clock, ReleaseBeans beans) {
        BackupQuestions questions = new BackupQuestions();
        approve = new ApproveRelease(beans.releases, approvals, beans.manifests, beans.events, beans.work, clock);
        backupAnswer = new TakeBackupAnswer(questions, beans.releases, beans.work, beans.history, clock);
        ask = new AskGates(
                new SoakGate(beans.releases),
                new ApprovalsGate(approvals),
                new EnvironmentGate(beans.environments, beans.releases),
                new BackupGate(questions, beans.events, clock),
                beans.releases,
                beans.manifests,
                answers,
                beans.signals,
                beans.start,
                beans.events,
                beans.work,
                clock);
    }
}
