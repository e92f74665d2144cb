package dev.slipway.notify.audience;

import java.util.Arrays;
import java.util.Locale;

/// The ways a notice can take. The label is the name in the database, on the wire and in metrics.
public enum ChannelName {
    EMAIL,
    SLACK;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws IllegalArgumentException when there is no such channel
    public static ChannelName of(String label) {
        return Arrays.stream(values())
                .filter(channel -> channel.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such channel: '" + label + "'"));
    }
}
