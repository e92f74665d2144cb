package dev.slipway.trials.intake;

import dev.slipway.suite.SuiteFailure;
import dev.slipway.trials.Programs;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// How many signed deliveries deploy-service accepts, beside Debian's `webhook`, and what a kill costs
/// either.
@Command(
        name = "intake",
        description = {
            "Signed webhooks, each with a body and an id of its own, against deploy-service (answers when the delivery, its",
            "candidate and its event are on disk) and against Debian's webhook (answers, then runs a command), in turns."
        },
        mixinStandardHelpOptions = true)
public final class BenchIntake implements Callable<Integer> {
    private static final List<Integer> SIZES = List.of(2_000, 20_000);

    /// Until the compiler of the JVM has done most of its work: before that it takes a good part of a round's time.
    private static final Duration WARM_UP = Duration.ofSeconds(40);

    @Option(names = "--seconds", paramLabel = "N", description = "Length of a round (10).")
    private int seconds = 10;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds of each, per size (3).")
    private int rounds = 3;

    @Option(names = "--connections", paramLabel = "N", description = "Connections, all busy all the time (64).")
    private int connections = 64;

    @Override
    public Integer call() throws Exception {
        PrintStream out = System.out;
        try {
            measure(out);
            return 0;
        } catch (SuiteFailure e) {
            System.err.println("slipway: " + e.getMessage());
            return 1;
        }
    }

    private void measure(PrintStream out) throws Exception {
        Path wrkProgram = Programs.require("wrk");
        Path webhookProgram = Programs.require("webhook");
        Path home =
                Path.of(System.getProperty("slipway.home", "")).toAbsolutePath().normalize();
        Path folder = home.resolve(".slipway/bench");
        Path own = Files.createDirectories(folder.resolve("intake"));
        Wrk wrk = new Wrk(wrkProgram, own, connections);
        IntakeReport report = new IntakeReport();
        try (DeployService service = DeployService.start(home, folder.resolve("intake-suite"), out::println);
                DebianWebhook idle = DebianWebhook.doingNothing(webhookProgram, own.resolve("webhook"));
                DebianWebhook recording = DebianWebhook.recording(webhookProgram, own.resolve("webhook-recording"))) {
            wrk.drive(service, SIZES.getFirst(), WARM_UP);
            for (int bytes : SIZES) {
                for (int round = 0; round < rounds; round++) {
                    for (Contender contender : List.of(idle, service)) {
                        contender.prepare();
                        report.add(bytes, contender.name(), told(out, wrk, contender, bytes));
                    }
                    idle.close();
                }
            }
            for (Contender contender : List.of(recording, service)) {
                report.add(contender.name(), new CrashTrial(SIZES.getFirst(), connections).run(contender));
            }
            report.print(out, service.name(), idle.name());
            report.write(folder.resolve("intake.json"), service.name(), idle.name());
        }
    }

    private Wrk.Round told(PrintStream out, Wrk wrk, Contender contender, int bytes) throws Exception {
        Wrk.Round round = wrk.drive(contender, bytes, Duration.ofSeconds(seconds));
        out.printf(
                "%-16s %d KB: %.0f/s, p50 %d ms, p99 %d ms, refused %d, %d MB%n",
                contender.name(),
                bytes / 1000,
                round.acceptedPerSecond(),
                round.p50().toMillis(),
                round.p99().toMillis(),
                round.refused(),
                round.peakMemory());
        if (contender instanceof DebianWebhook webhook) {
            webhook.close();
        }
        return round;
    }
}
