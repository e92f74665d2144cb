package dev.slipway.deploy.gate;

import dev.slipway.deploy.manifest.DeployManifest;
import dev.slipway.deploy.manifest.Environment;
import dev.slipway.deploy.release.Release;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/// Something that has to be so before a release starts. A gate reads, and may ask another service through the outbox;
/// it is asked again until all are open, so it says the same to the same facts.
interface Gate {
    /// On the wire, `approvals`.
    String name();

    /// Whether the environment has this gate.
    boolean guards(Environment environment);

    Verdict ask(Handle tx, Question question);

    /// @param othersOpen every gate before this one is open: worth an effort now
    record Question(
            Release release, DeployManifest manifest, Environment environment, boolean othersOpen, Instant now) {}
}
