package dev.slipway.deploy.target;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How a target's work ended. Lines are masked and bounded, oldest first.
public sealed interface TargetRun {
    /// What was written, standard error included.
    List<String> lines();

    /// Whether it ended well.
    default boolean ok() {
        return false;
    }

    /// For people: what became of it.
    String describe();

    /// It ended by itself.
    ///
    /// @param answer its standard output alone, where the call was a question; not masked
    /// @param took from its start to its end
    record Ended(int exitCode, List<String> answer, List<String> lines, Duration took) implements TargetRun {
        public Ended {
            answer = List.copyOf(answer);
            lines = List.copyOf(lines);
        }

        @Override
        public boolean ok() {
            return exitCode == 0;
        }

        /// The last line of the answer that is not blank.
        public Optional<String> lastLine() {
            return answer.reversed().stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .findFirst();
        }

        @Override
        public String describe() {
            return "exit code %d after %.1f s".formatted(exitCode, took.toMillis() / 1000.0);
        }
    }

    /// It was stopped at its time limit.
    record TimedOut(Duration limit, List<String> lines) implements TargetRun {
        public TimedOut {
            lines = List.copyOf(lines);
        }

        @Override
        public String describe() {
            return "stopped at its time limit of " + limit;
        }
    }

    /// Nobody can tell any more whether and how it ended.
    record Unknown(String why, List<String> lines) implements TargetRun {
        public Unknown {
            lines = List.copyOf(lines);
        }

        @Override
        public String describe() {
            return "nobody can tell what became of it: " + why;
        }
    }

    /// It was never started, and will not be: the manifest or this machine does not allow it.
    record Refused(String why) implements TargetRun {
        @Override
        public List<String> lines() {
            return List.of();
        }

        @Override
        public String describe() {
            return "refused: " + why;
        }
    }
}
