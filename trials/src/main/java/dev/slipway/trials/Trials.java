package dev.slipway.trials;

import dev.slipway.trials.backup.BenchBackup;
import dev.slipway.trials.chaos.ChaosCommand;
import dev.slipway.trials.events.BenchEvents;
import dev.slipway.trials.intake.BenchIntake;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What `./slipway bench` and `./slipway chaos` hand over to: measures the suite and breaks it.
@Command(
        name = "./slipway",
        description = "Measures Slipway beside what people would use otherwise, and breaks it to see what it keeps.",
        mixinStandardHelpOptions = true)
public final class Trials {
    private Trials() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Trials()).addSubcommand(bench()).addSubcommand(new ChaosCommand());
    }

    private static CommandLine bench() {
        return new CommandLine(new Bench())
                .addSubcommand(new BenchIntake())
                .addSubcommand(new BenchBackup())
                .addSubcommand(new BenchEvents());
    }

    @Command(
            name = "bench",
            description = "Measures one thing, alternating rounds with what it is compared to, and reports ratios.",
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel = "NAME")
    static final class Bench implements Runnable {
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "what to measure? name one of the commands below");
        }
    }
}
