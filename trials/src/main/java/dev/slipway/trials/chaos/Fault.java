package dev.slipway.trials.chaos;

import java.time.Duration;

/// One thing done to the suite.
sealed interface Fault {
    /// From the beginning.
    Duration at();

    /// Who or what suffers it: a process's name, `mail`, `hook` or `topics`.
    String victim();

    /// Zero when it is over at once.
    Duration lasts();

    String inWords();

    /// Signal 9. Who supervises the process starts it again.
    record Kill(Duration at, String victim) implements Fault {
        @Override
        public Duration lasts() {
            return Duration.ZERO;
        }

        @Override
        public String inWords() {
            return "kill -9 " + victim;
        }
    }

    /// Stopped in order, and started again later.
    record Outage(Duration at, String victim, Duration lasts) implements Fault {
        @Override
        public String inWords() {
            return "%s is away for %d s".formatted(victim, lasts.toSeconds());
        }
    }

    /// Its time stands still.
    record Freeze(Duration at, String victim, Duration lasts) implements Fault {
        @Override
        public String inWords() {
            return "freeze %s for %d s".formatted(victim, lasts.toSeconds());
        }
    }

    /// Records that lie on the topics are put there once more, late and out of order.
    ///
    /// @param seed of the choice among what lies there by then
    record Resend(Duration at, int records, long seed) implements Fault {
        @Override
        public String victim() {
            return "topics";
        }

        @Override
        public Duration lasts() {
            return Duration.ZERO;
        }

        @Override
        public String inWords() {
            return "send %d earlier records again, out of order".formatted(records);
        }
    }

    /// @param victim `mail` or `hook`
    record Moody(Duration at, String victim, Mood mood, Duration lasts) implements Fault {
        @Override
        public String inWords() {
            return "%s %s for %d s".formatted(victim, mood.inWords(), lasts.toSeconds());
        }
    }
}
