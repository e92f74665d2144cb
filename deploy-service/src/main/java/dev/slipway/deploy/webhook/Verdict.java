package dev.slipway.deploy.webhook;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What became of a delivery; lower case in the database and on the wire.
enum Verdict {
    /// It made a candidate.
    CANDIDATE,
    /// It is genuine and starts nothing.
    IGNORED,
    /// It tells again what was told before: the same delivery, or another one of a build that is known.
    DUPLICATE,
    /// It has the id of an earlier delivery and says something else. Nothing was changed by it.
    ALTERED,
    /// Nobody knows who sent it.
    REFUSED;

    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Verdict> ofTag(String tag) {
        return Arrays.stream(values())
                .filter(verdict -> verdict.tag().equals(tag))
                .findFirst();
    }

    static List<String> tags() {
        return Arrays.stream(values()).map(Verdict::tag).toList();
    }
}
