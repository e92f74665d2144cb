package dev.slipway.notify.audience;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// What people can be told of: the closed set a manifest chooses from and templates exist for.
public enum Situation {
    /// CI called a build good and it is on its way.
    CANDIDATE_ACCEPTED,
    /// A release came into being and waits for its gates.
    RELEASE_QUEUED,
    /// Gates answered and at least one is not open: somebody may have to act.
    RELEASE_WAITING,
    /// All gates of a release are open.
    RELEASE_READY,
    /// Somebody approved a release.
    RELEASE_APPROVED,
    /// A release's plan has started, or its announcement was asked for.
    RELEASE_STARTED,
    RELEASE_COMPLETED,
    /// A running release is being undone.
    RELEASE_ROLLING_BACK,
    RELEASE_ROLLED_BACK,
    RELEASE_FAILED,
    RELEASE_CANCELLED,
    /// A newer release took this one's place before it started.
    RELEASE_SUPERSEDED,
    /// A release stands still until a person chooses.
    RELEASE_HELD,
    /// The watch can neither promote nor call back.
    WATCH_HELD,
    BACKUP_FAILED,
    INCIDENT;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /// The name in manifests, events, templates and metrics: `release-rolled-back`.
    public String label() {
        return label;
    }

    public static Optional<Situation> of(String label) {
        return Arrays.stream(values())
                .filter(situation -> situation.label.equals(label))
                .findFirst();
    }

    /// All labels, for messages to people.
    public static String labels() {
        return Arrays.stream(values()).map(Situation::label).collect(Collectors.joining(", "));
    }
}
