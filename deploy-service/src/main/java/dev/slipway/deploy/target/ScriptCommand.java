package dev.slipway.deploy.target;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// One command line, ready to run: no shell reads it, and the process sees no variable but these and `PATH`.
///
/// @param script real path, out of [ScriptFolder]
/// @param arguments passed as they are, one array element each
/// @param variables the whole environment; holds resolved secrets, so a command is never printed
/// @param limit after it the command and what it started are ended
record ScriptCommand(Path script, List<String> arguments, Map<String, String> variables, Duration limit) {
    ScriptCommand {
        arguments = List.copyOf(arguments);
        variables = Map.copyOf(variables);
        if (!limit.isPositive()) {
            throw new IllegalArgumentException("a command needs a positive time limit, not " + limit);
        }
    }

    @Override
    public String toString() {
        return script.getFileName() + " " + arguments;
    }
}
