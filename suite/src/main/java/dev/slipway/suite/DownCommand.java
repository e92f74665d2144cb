package dev.slipway.suite;

import dev.slipway.suite.process.Deadline;
import dev.slipway.suite.process.Processes;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Stops the suite that runs on a data folder, or what is left of one whose launcher was killed.
@Command(
        name = "down",
        description = "Stops the suite that ./slipway up started, or what a killed one left behind.",
        mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
    /// Longer than the sum of what the launcher itself allows each of its steps.
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(75);

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Path folder = data.folder();
        if (!Files.isDirectory(folder)) {
            out.println("nothing runs on " + folder);
            return 0;
        }
        Optional<ProcessHandle> launcher = new DataFolder(folder).launcher();
        if (launcher.isEmpty()) {
            Suite.stopLeftovers(folder, out::println);
            out.println("nothing runs on " + folder);
            return 0;
        }
        ProcessHandle process = launcher.get();
        out.println("stopping the suite (pid " + process.pid() + ") …");
        out.flush();
        process.destroy();
        if (!Deadline.in(STOPS_WITHIN).await(() -> !Processes.lives(process))) {
            throw new SuiteFailure("the suite (pid " + process.pid() + ") does not stop; its logs are in "
                    + new DataFolder(folder).logs());
        }
        out.println("stopped; the data stay in " + folder);
        return 0;
    }
}
