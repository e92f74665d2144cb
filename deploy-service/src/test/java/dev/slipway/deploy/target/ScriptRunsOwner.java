package dev.slipway.deploy.target;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// Stands for a service that a test kills while it waits for a script.
final class ScriptRunsOwner {
    private ScriptRunsOwner() {}

    public static void main(String[] args) {
        ScriptCommand command = new ScriptCommand(Path.of(args[2]), List.of(), Map.of(), Duration.parse(args[3]));
        new ScriptRuns(Path.of(args[0])).run(UUID.fromString(args[1]), 1, command, UnaryOperator.identity());
    }
}
