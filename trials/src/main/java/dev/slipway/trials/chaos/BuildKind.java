package dev.slipway.trials.chaos;

/// What is the matter with a build, and so how its releases have to end.
enum BuildKind {
    /// Goes through.
    GOOD,
    /// Its deployment fails after it had its effect.
    BROKEN_DEPLOY,
    /// Is deployed and answers its smoke tests with 500.
    BROKEN_SMOKE,
    /// The shop's fault under load: only the watch sees it.
    FAULTY
}
