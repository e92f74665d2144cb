package dev.slipway.trials.check;

import java.io.IOException;
import java.nio.file.Path;

/// Holds what was asked against what happened. It shares no code with the services and none with those
/// who asked; all it knows are the files they and the outside left.
public final class CheckEvidence {
    private final Path folder;

    public CheckEvidence(Path folder) {
        this.folder = folder;
    }

    public Findings check() throws IOException {
        return check(Evidence.read(folder));
    }

    static Findings check(Evidence evidence) {
        var findings = new Findings();
        FaultsDone.count(evidence, findings);
        WebhookCheck.check(evidence, findings);
        ReleaseCheck.check(evidence, findings);
        EnvironmentCheck.check(evidence, findings);
        StepCheck.check(evidence, findings);
        NoticeCheck.check(evidence, findings);
        CaptureCheck.check(evidence, findings);
        TopicCheck.check(evidence, findings);
        ShopCheck.check(evidence, findings);
        return findings;
    }
}
