package dev.slipway.deploy.smoke;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a run of a suite found, one result per request, in order.
public record SmokeReport(List<Result> results) {
    public SmokeReport {
        results = List.copyOf(results);
    }

    /// @param problem what was wrong, without secrets; absent when it passed
    public record Result(
            String name, Duration took, @Nullable String problem) {}

    /// A suite that tested nothing proves nothing.
    public boolean passed() {
        return !results.isEmpty() && failures().isEmpty();
    }

    public List<String> failures() {
        return results.stream()
                .filter(result -> result.problem() != null)
                .map(result -> result.name() + ": " + result.problem())
                .toList();
    }

    public int passedCount() {
        return (int) results.stream().filter(result -> result.problem() == null).count();
    }
}
