package dev.slipway.deploy.manifest;

import static java.util.Objects.requireNonNull;

import dev.slipway.deploy.plan.StepKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One environment of an application: where and how it is deployed to, and what has to be true before.
///
/// @param name short name, `production`; the full one is `shop/production`
/// @param url where users reach it
/// @param router absent where traffic cannot be shifted nor maintenance mode be switched
/// @param plan the steps in order; `traffic` stands for one step per percentage in `traffic.steps`
/// @param smoke name of the suite the smoke step runs
public record Environment(
        String name,
        String url,
        TargetSpec target,
        @Nullable RouterSpec router,
        Gates gates,
        List<StepKind> plan,
        @Nullable String smoke,
        @Nullable Announce announce,
        @Nullable BackupStep backup,
        @Nullable Traffic traffic) {

    public Environment {
        requireNonNull(name, "name");
        plan = List.copyOf(plan);
    }

    /// How traffic is shifted and maintenance mode is switched. @param type finds the adapter, `edge`
    public record RouterSpec(String type, String url, String token) {}

    /// What must be open before a release starts.
    ///
    /// @param soak how long the artifact must have been current upstream; absent: no such gate
    /// @param approvals roles of which each must approve, by different people
    /// @param overrides which of the other gates a person may open by their word, by name, and in which role
    public record Gates(
            @Nullable Duration soak,
            List<String> approvals,
            @Nullable BackupGate backup,
            Map<String, String> overrides) {
        public Gates {
            approvals = List.copyOf(approvals);
            overrides = Map.copyOf(overrides);
        }

        public static Gates none() {
            return new Gates(null, List.of(), null, Map.of());
        }
    }

    /// A proved backup must be at hand.
    ///
    /// @param maxAge of its snapshot
    /// @param locations in how many places at least
    /// @param proof `readback` or `restore`
    /// @param timeout how long one question waits for its answer
    public record BackupGate(String database, Duration maxAge, int locations, String proof, Duration timeout) {}

    /// Word to people before anything changes. @param situation which template; @param timeout for the delivery
    public record Announce(String situation, Duration timeout) {}

    /// A backup of what maintenance mode keeps still. @param timeout for capture and proof together
    public record BackupStep(String database, int locations, String proof, Duration timeout) {}

    /// How traffic moves to the candidate.
    ///
    /// @param steps percentages, rising, the last one 100
    /// @param minDwell shortest time in a step
    /// @param maxDuration longest time before a step is decided without evidence
    /// @param undecided what then: `hold` or `promote`
    /// @param strictWatch how long the watch after 100 % holds the environment
    public record Traffic(
            List<Integer> steps, Duration minDwell, Duration maxDuration, String undecided, Duration strictWatch) {
        public Traffic {
            steps = List.copyOf(steps);
        }
    }
}
