package dev.slipway.deploy.gate;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a gate says of a release, and why.
sealed interface Verdict {
    String why();

    /// In the database and on the wire.
    String tag();

    /// When it is worth asking again; absent: something else will tell.
    default @Nullable Instant until() {
        return null;
    }

    /// Nothing against it.
    record Open(String why) implements Verdict {
        @Override
        public String tag() {
            return "open";
        }
    }

    /// Not now.
    record Hold(@Nullable Instant until, String why) implements Verdict {
        @Override
        public String tag() {
            return "hold";
        }
    }

    /// Never.
    record Deny(String why) implements Verdict {
        @Override
        public String tag() {
            return "deny";
        }
    }
}
