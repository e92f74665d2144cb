package dev.slipway.deploy.traffic;

import java.util.Map;
import java.util.UUID;

/// What stands in front of an environment: spreads traffic over its targets and shows the maintenance page.
///
/// Setting is idempotent; the step's id goes along as the stable key. Each call answers what the router itself says
/// holds afterwards, never what was asked for.
public interface TrafficRouter {
    /// @throws RouterFailure when the router does not answer, or not as it should
    State state();

    /// @param weights percent per target, together 100
    State weights(Map<String, Integer> weights, UUID step);

    State maintenance(boolean on, UUID step);

    /// @param weights percent per target, as the router says
    record State(Map<String, Integer> weights, boolean maintenance) {
        public State {
            weights = Map.copyOf(weights);
        }
    }
}
