package dev.slipway.eventing;

import static java.util.Objects.requireNonNull;

/// What a handler made of an event. It is kept with the event in the inbox, its reason too, and can be read at
/// `/api/v1/inbox`.
public sealed interface Handled {
    /// Something changed.
    record Applied() implements Handled {}

    /// Nothing changed, and that is fine: it was so already, or is of no consequence here (repeated, foreign, too
    /// late to matter).
    ///
    /// @param why for people
    record Ignored(String why) implements Handled {
        public Ignored {
            requireNonNull(why, "why");
        }
    }

    /// Nothing changed, and somebody may wonder: it does not fit what is known here (too early, against the state).
    ///
    /// @param why for people
    record Refused(String why) implements Handled {
        public Refused {
            requireNonNull(why, "why");
        }
    }

    static Handled applied() {
        return new Applied();
    }

    static Handled ignored(String why) {
        return new Ignored(why);
    }

    static Handled refused(String why) {
        return new Refused(why);
    }
}
