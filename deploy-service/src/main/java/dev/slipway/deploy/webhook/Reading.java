package dev.slipway.deploy.webhook;

import dev.slipway.deploy.candidate.Build;

/// What a delivery means to an application.
sealed interface Reading {
    /// CI called this build good, and the application releases such builds.
    record Good(Build build) implements Reading {}

    /// Genuine, and nothing to do. @param reason in words for whoever wonders why nothing happened
    record Nothing(String reason) implements Reading {}

    /// Nobody knows who sent it. @param reason for the list of deliveries; the sender does not learn it
    record Refused(String reason) implements Reading {}
}
