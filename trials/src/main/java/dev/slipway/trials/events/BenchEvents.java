package dev.slipway.trials.events;

import dev.slipway.suite.AccessToken;
import dev.slipway.suite.Suite;
import dev.slipway.suite.SuiteFailure;
import dev.slipway.suite.SuiteOptions;
import dev.slipway.trials.intake.BenchApplication;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What the promises of outbox and inbox cost beside a producer and a consumer without them.
@Command(
        name = "events",
        description = {
            "Events through outbox, relay, Kafka, inbox and worker, beside a raw producer and a raw consumer that writes the",
            "same row, on the same broker and database, in turns: rate, p50 and p99. Before that, how long events are under",
            "way between the four services of an idle suite."
        },
        mixinStandardHelpOptions = true)
public final class BenchEvents implements Callable<Integer> {
    private static final List<Load> LOADS = List.of(Load.steady(100), Load.steady(500), Load.SATURATION);
    private static final Duration WARM_UP = Duration.ofSeconds(5);

    @Option(names = "--seconds", paramLabel = "N", description = "Length of a round (10).")
    private int seconds = 10;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds of each way, per load (3).")
    private int rounds = 3;

    @Option(names = "--idle-seconds", paramLabel = "N", description = "Length of the look at an idle suite (60).")
    private int idleSeconds = 60;

    @Override
    public Integer call() throws Exception {
        try {
            measure(System.out);
            return 0;
        } catch (SuiteFailure e) {
            System.err.println("slipway: " + e.getMessage());
            return 1;
        }
    }

    private void measure(PrintStream out) throws Exception {
        Path home =
                Path.of(System.getProperty("slipway.home", "")).toAbsolutePath().normalize();
        Path folder = home.resolve(".slipway/bench");
        AccessToken admin = AccessToken.issue("bench", "admin");
        try (Suite suite = Suite.start(SuiteOptions.in(home, folder.resolve("events-suite"))
                .withFresh(true)
                .withEnvironment(BenchApplication.ENVIRONMENT)
                .withAccess(admin)
                .withTell(out::println))) {
            BenchApplication.introduce(suite, SuiteOptions.SERVICES, admin.secret());
            EventsReport report = new EventsReport(new IdleSuite(suite).measure(Duration.ofSeconds(idleSeconds)));
            suite.processes().forEach(suite::stop);
            compare(out, suite, report, folder);
        }
    }

    private void compare(PrintStream out, Suite suite, EventsReport report, Path folder) throws Exception {
        Clock clock = Clock.systemUTC();
        Effects effects = new Effects(suite.postgres());
        effects.create();
        try (RawPair raw = new RawPair(suite.postgres(), suite.bootstrapServers(), clock, false);
                RawPair batches = new RawPair(suite.postgres(), suite.bootstrapServers(), clock, true);
                Backbone backbone = new Backbone(suite.postgres(), suite.bootstrapServers(), clock)) {
            for (Way way : List.of(raw, batches, backbone)) {
                Load.steady(100).drive(way, effects, WARM_UP);
                Load.SATURATION.drive(way, effects, WARM_UP);
            }
            for (Load load : LOADS) {
                for (int round = 0; round < rounds; round++) {
                    List<Way> ways = load == Load.SATURATION ? List.of(batches, raw, backbone) : List.of(raw, backbone);
                    for (Way way : ways) {
                        Load.Round went = load.drive(way, effects, Duration.ofSeconds(seconds));
                        report.add(load, way, went);
                        out.printf(
                                "%-10s %-16s %.0f/s, p50 %.1f ms, p99 %.1f ms%n",
                                load.name(),
                                way.name(),
                                went.perSecond(),
                                went.p50().toNanos() / 1e6,
                                went.p99().toNanos() / 1e6);
                    }
                }
            }
            report.print(out, backbone.name(), raw.name());
            report.write(folder.resolve("events.json"), backbone.name(), raw.name());
        }
    }
}
