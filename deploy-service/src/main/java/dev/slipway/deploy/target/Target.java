package dev.slipway.deploy.target;

/// Where an environment's application runs. Calls block until the outside work ended; a call that is repeated with the
/// same step and attempt joins the work of the first one, or tells its result, if the adapter can.
public interface Target {
    TargetRun deploy(TargetContext context);

    TargetRun migrate(TargetContext context);

    /// @return on success the last line of [TargetRun.Ended#answer] is the version that runs on the context's target;
    /// no line when nothing runs there
    TargetRun running(TargetContext context);

    /// @return on success the last line of [TargetRun.Ended#answer] is the schema's version
    TargetRun schemaVersion(TargetContext context);
}
