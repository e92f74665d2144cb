package dev.slipway.suite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// What `./slipway` hands over to once the tools are found and everything is built.
@Command(
        name = "./slipway",
        description = "Carries a build from CI to production and, when it must, back again.",
        mixinStandardHelpOptions = true)
public final class Slipway {
    private Slipway() {}

    public static void main(String[] args) {
        System.exit(commandLine(UnaryOperator.identity(), System.getenv()).execute(args));
    }

    /// @param suite changes what `up` starts, for tests of the launcher
    /// @param environment the operator's
    static CommandLine commandLine(UnaryOperator<SuiteOptions> suite, Map<String, String> environment) {
        return new CommandLine(new Slipway())
                .addSubcommand(new UpCommand(suite, environment))
                .addSubcommand(new DownCommand())
                .addSubcommand(new RewindCommand())
                .addSubcommand(new ApplyCommand(environment))
                .setExecutionExceptionHandler((failure, line, _) -> {
                    if (failure instanceof SuiteFailure) {
                        line.getErr().println("slipway: " + failure.getMessage());
                        return 1;
                    }
                    throw failure;
                });
    }

    /// The project's folder: told by the script, else the nearest one above that holds the script.
    static Path home() {
        String told = System.getProperty("slipway.home");
        if (told != null) {
            return Path.of(told);
        }
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("slipway"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new SuiteFailure("not in Slipway's folder: start it by its script ./slipway");
        }
        return folder;
    }
}
