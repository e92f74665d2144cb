package dev.slipway.deploy.traffic;

import dev.slipway.deploy.manifest.Environment.RouterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A router in memory.
public final class FakeRouter implements RouterType, TrafficRouter {
    public static final String TYPE = "fake";

    /// What was set, in order: `{blue=90, green=10}`, `maintenance on`.
    public final List<String> calls = new ArrayList<>();

    private Map<String, Integer> weights = Map.of("blue", 100, "green", 0);
    private boolean maintenance;
    private @Nullable RouterFailure failure;

    /// From now on nothing answers, until [#recover].
    public void fail(boolean retryable) {
        failure = new RouterFailure("connection refused", retryable);
    }

    public void recover() {
        failure = null;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public TrafficRouter open(RouterSpec router) {
        return this;
    }

    @Override
    public State state() {
        if (failure != null) {
            throw failure;
        }
        return new State(weights, maintenance);
    }

    @Override
    public State weights(Map<String, Integer> wanted, UUID step) {
        state();
        calls.add(new TreeMap<>(wanted).toString());
        weights = Map.copyOf(wanted);
        return state();
    }

    @Override
    public State maintenance(boolean on, UUID step) {
        state();
        calls.add("maintenance " + (on ? "on" : "off"));
        maintenance = on;
        return state();
    }
}
