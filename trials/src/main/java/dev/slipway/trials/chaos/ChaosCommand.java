package dev.slipway.trials.chaos;

import dev.slipway.suite.SuiteFailure;
import dev.slipway.suite.SuiteOptions;
import dev.slipway.trials.check.CheckEvidence;
import dev.slipway.trials.check.Findings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Breaks a busy suite by a seeded script, then holds what was asked against what happened.
@Command(
        name = "chaos",
        description = {
            "Keeps a suite with two replicas of every service busy with releases, backups and notices, and kills, freezes,",
            "stops and confuses it by a plan drawn from a seed. Then an independent check compares what was asked with what",
            "happened. Ends with 0 only when nothing is lost and nothing was done twice."
        },
        mixinStandardHelpOptions = true)
public final class ChaosCommand implements Callable<Integer> {
    private static final int LAB_APPLICATIONS = 6;
    private static final List<String> PROCESSES = Stream.of("", "#2")
            .flatMap(number -> SuiteOptions.SERVICES.stream().map(service -> service + number))
            .toList();

    @Spec
    private CommandSpec spec;

    @Option(names = "--minutes", paramLabel = "M", description = "How long it is broken (3).")
    private double minutes = 3;

    @Option(names = "--seed", paramLabel = "S", description = "The same seed and minutes make the same plan (1).")
    private long seed = 1;

    @Option(names = "--folder", paramLabel = "FOLDER", description = "Where everything is left (.slipway/chaos).")
    private Path folder = project().resolve(".slipway").resolve("chaos");

    @Option(names = "--check-only", description = "Checks the evidence an earlier run left in the folder.")
    private boolean checkOnly;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Path evidence = folder.toAbsolutePath().normalize().resolve("evidence");
        if (checkOnly) {
            return told(out, new CheckEvidence(evidence).check());
        }
        if (!(minutes >= 0.5 && minutes <= 24 * 60)) {
            throw new ParameterException(spec.commandLine(), "--minutes: 0.5 to 1440, not " + minutes);
        }
        List<String> lab = IntStream.rangeClosed(1, LAB_APPLICATIONS)
                .mapToObj(number -> "lab-" + number)
                .toList();
        List<String> all = Stream.concat(lab.stream(), Stream.of(Ground.SHOP)).toList();
        ChaosPlan plan = ChaosPlan.of(seed, Duration.ofMillis((long) (minutes * 60_000)), PROCESSES, all);
        tell(
                out,
                "seed %d, %s min: %d things asked, %d faults"
                        .formatted(
                                seed, minutes, plan.asks().size(), plan.faults().size()));
        plan.lines().forEach(line -> tell(out, line));
        tell(out, "starting two replicas of every service ...");
        try (Ground ground = Ground.prepare(
                project(), folder.toAbsolutePath().normalize(), lab, Clock.systemUTC(), line -> tell(out, line))) {
            Files.write(ground.evidence("plan.txt"), plan.lines());
            return told(out, new Chaos(ground, plan, lab, evidence, Clock.systemUTC(), line -> tell(out, line)).run());
        } catch (SuiteFailure | SQLException | TimeoutException e) {
            tell(out, "chaos could not be run: " + e.getMessage());
            return 1;
        }
    }

    private int told(PrintWriter out, Findings findings) {
        findings.table().forEach(line -> tell(out, line));
        findings.differences().forEach(line -> tell(out, "DIFFERENCE  " + line));
        tell(
                out,
                findings.differences().isEmpty()
                        ? "nothing lost, nothing twice; the evidence is in " + folder
                        : "%d differences; the evidence is in %s"
                                .formatted(findings.differences().size(), folder));
        return findings.differences().isEmpty() ? 0 : 1;
    }

    private static void tell(PrintWriter out, String line) {
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }

    private static Path project() {
        return Path.of(System.getProperty("slipway.home", "")).toAbsolutePath().normalize();
    }
}
