package dev.slipway.demo.story;

import dev.slipway.suite.process.Deadline;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// Waits for what other processes do: looks again until it is there, its own deadline or that of the whole story.
public final class Patience {
    private final Deadline whole;

    private Patience(Deadline whole) {
        this.whole = whole;
    }

    /// @param limit for everything that will be waited for together
    public static Patience of(Duration limit) {
        return new Patience(Deadline.in(limit));
    }

    /// @param what is waited for, as the end of "did not see …"
    /// @param instead tells what is there instead, for the reason of a failure
    /// @throws StoryFailure when it did not come in time
    public <T> T await(String what, Duration limit, Supplier<Optional<T>> look, Supplier<String> instead) {
        Duration left = whole.left().compareTo(limit) < 0 ? whole.left() : limit;
        var seen = new AtomicReference<T>();
        boolean came = Deadline.in(left).await(() -> {
            orNothing(look).ifPresent(seen::set);
            return seen.get() != null;
        });
        if (!came) {
            String why =
                    whole.passed() ? "the whole story's time is over" : "%d s are over".formatted(limit.toSeconds());
            throw new StoryFailure("did not see %s: %s; there is %s".formatted(what, why, instead.get()));
        }
        return seen.get();
    }

    /// Whoever is away for a moment is asked again.
    private static <T> Optional<T> orNothing(Supplier<Optional<T>> look) {
        try {
            return look.get();
        } catch (UncheckedIOException _) {
            return Optional.empty();
        }
    }
}
