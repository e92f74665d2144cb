package dev.slipway.deploy.target;

import dev.slipway.deploy.manifest.Environment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A target in memory. Like a real one it joins a repeated call of the same step and attempt to the first.
public final class FakeTarget implements TargetType, Target {
    public static final String TYPE = "fake";

    /// What was really done: `deploy shop/production green v2`, `migrate shop/production`.
    public final List<String> effects = new ArrayList<>();

    /// The stable key each work came with, done or not: `deploy 0195…`.
    public final List<String> keys = new ArrayList<>();

    /// The version the next migration leads to.
    public String migratesTo = "2";

    private final Map<String, TargetRun> runs = new HashMap<>();
    private final Map<String, String> running = new HashMap<>();
    private final Map<String, String> schemas = new HashMap<>();
    private final Map<String, TargetRun> next = new HashMap<>();

    /// What the next work of this name (`deploy`, `migrate`) comes to, instead of being done.
    public void next(String work, TargetRun run) {
        next.put(work, run);
    }

    public void runs(String environment, String target, String version) {
        running.put(environment + " " + target, version);
    }

    public void schema(String environment, String version) {
        schemas.put(environment, version);
    }

    public Optional<String> runningOn(String environment, String target) {
        return Optional.ofNullable(running.get(environment + " " + target));
    }

    public static TargetRun.Ended ended(int exitCode, String... answer) {
        return new TargetRun.Ended(exitCode, List.of(answer), List.of(answer), Duration.ofMillis(1500));
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Target open(Environment environment) {
        return this;
    }

    @Override
    public TargetRun deploy(TargetContext context) {
        return once("deploy", context, () -> {
            effects.add("deploy %s %s %s".formatted(context.environment(), context.target(), context.version()));
            running.put(context.environment() + " " + context.target(), context.version());
        });
    }

    @Override
    public TargetRun migrate(TargetContext context) {
        return once("migrate", context, () -> {
            effects.add("migrate " + context.environment());
            schemas.put(context.environment(), migratesTo);
        });
    }

    @Override
    public TargetRun running(TargetContext context) {
        return runningOn(context.environment(), context.target())
                .map(version -> ended(0, version))
                .orElseGet(() -> ended(0));
    }

    @Override
    public TargetRun schemaVersion(TargetContext context) {
        return ended(0, schemas.getOrDefault(context.environment(), "1"));
    }

    private TargetRun once(String work, TargetContext context, Runnable effect) {
        keys.add(work + " " + context.step());
        String key = work + context.step() + context.attempt();
        TargetRun before = runs.get(key);
        if (before != null) {
            return before;
        }
        TargetRun instead = next.remove(work);
        TargetRun run = instead;
        if (run == null) {
            effect.run();
            run = ended(0, work + " done");
        }
        runs.put(key, run);
        return run;
    }
}
