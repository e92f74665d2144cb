package dev.slipway.notify.audience;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/// An incoming webhook of Slack, or of anything that takes the same posts. Whoever knows its URL can post: it travels
/// encrypted, except on this machine.
public record SlackHook(URI uri) implements Address {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    public SlackHook {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("not a webhook's URL: it needs a host, no user and no fragment");
        }
        if (!scheme.equals("https") && !(scheme.equals("http") && THIS_MACHINE.contains(uri.getHost()))) {
            throw new IllegalArgumentException("not a webhook's URL: it must begin with https://");
        }
    }

    /// @throws IllegalArgumentException when the text is no such URL; the message does not repeat it
    public static SlackHook parse(String text) {
        try {
            return new SlackHook(new URI(text));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not a webhook's URL: " + e.getReason());
        }
    }

    @Override
    public String value() {
        return uri.toString();
    }

    /// `hooks.slack.com/***`.
    @Override
    public String masked() {
        return uri.getHost() + "/***";
    }

    @Override
    public String toString() {
        return masked();
    }
}
