package dev.slipway.trials.intake;

import dev.slipway.suite.SuiteFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The load generator: as many requests over so many connections as the other side answers.
final class Wrk {
    private static final Pattern RESULT = Pattern.compile(
            "result requests=(\\d+) micros=(\\d+) refused=(\\d+) broken=(\\d+) p50=(\\d+) p99=(\\d+) longest=(\\d+)");

    private final Path program;
    private final Path folder;
    private final int connections;
    private int round = 10;

    /// @param folder for its script and the bodies' template
    Wrk(Path program, Path folder, int connections) {
        this.program = program;
        this.folder = folder;
        this.connections = connections;
    }

    /// How a round went.
    ///
    /// @param refused answers of 400 and above, and requests whose connection broke
    record Round(double acceptedPerSecond, long refused, Duration p50, Duration p99, long peakMemory) {}

    Round drive(Contender contender, int bytes, Duration length) throws Exception {
        Path script = folder.resolve("deliveries.lua");
        try (InputStream source = Wrk.class.getResourceAsStream("deliveries.lua")) {
            Files.write(script, source.readAllBytes());
        }
        Path secret = Files.writeString(folder.resolve("secret"), SignedRun.SECRET);
        Path template = Files.writeString(folder.resolve("body-" + bytes + ".json"), SignedRun.template(bytes));
        round++;
        return run(
                contender,
                List.of(
                        program.toString(),
                        "--threads=2",
                        "--connections=" + connections,
                        "--duration=" + length.toSeconds(),
                        "--timeout=10",
                        "--script=" + script,
                        contender.url().toString(),
                        "--",
                        template.toString(),
                        secret.toString(),
                        Integer.toString(round)));
    }

    private static Round run(Contender contender, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        Matcher result = RESULT.matcher(output);
        if (!result.find()) {
            throw new SuiteFailure("wrk says: " + output.strip());
        }
        long failed = number(result, 3) + number(result, 4);
        return new Round(
                (number(result, 1) - number(result, 3)) * 1e6 / number(result, 2),
                failed,
                micros(number(result, 5)),
                micros(number(result, 6)),
                contender.peakMemory());
    }

    private static long number(Matcher result, int group) {
        return Long.parseLong(result.group(group));
    }

    private static Duration micros(long micros) {
        return Duration.ofNanos(micros * 1_000);
    }
}
