package dev.slipway.deploy.webhook;

import dev.slipway.deploy.candidate.Build;

/// What a verified delivery means to an application.
sealed interface Reading {
    /// CI called this build good, and the application releases such builds.
    record Good(Build build) implements Reading {}

    /// Nothing to do. @param reason in words for whoever wonders why nothing happened
    record Nothing(String reason) implements Reading {}
}
