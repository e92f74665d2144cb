package dev.slipway.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.suite.process.Deadline;
import dev.slipway.suite.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `up` and `down` in JVMs of their own, as a person at a terminal has them.
class UpAndDownTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Pattern TOKEN = Pattern.compile("admin token\\s+(\\S+)");

    @TempDir
    private Path folder;

    private final List<Process> launchers = new ArrayList<>();

    @AfterEach
    void stopEverything() throws Exception {
        slipway("last-down", "down", "--data", data());
        launchers.forEach(Process::destroyForcibly);
    }

    @Test
    void shouldGoOnWithWhatAKillOfTheLauncherLeftBehind() throws Exception {
        Process first = up("first");
        String token = token(output("first"));
        List<ProcessHandle> orphans = first.descendants().toList();

        first.destroyForcibly().waitFor();
        assertThat(orphans).anyMatch(Processes::lives);
        Process second = up("second");

        assertThat(orphans).noneMatch(Processes::lives);
        assertThat(output("second"))
                .contains("stopping what an earlier start left behind")
                .doesNotContain("admin token");
        assertThat(keptFiles()).noneMatch(content -> content.contains(token));

        int status = slipway("down", "down", "--data", data());

        assertThat(status).isZero();
        assertThat(output("down")).contains("stopped; the data stay in");
        assertThat(Processes.lives(second.toHandle())).isFalse();
        assertThat(processesOn(folder)).isEmpty();
    }

    @Test
    void shouldMakeANewTokenAndNewDataWhenStartedFresh() throws Exception {
        Process first = up("first");
        String before = token(output("first"));
        Files.writeString(folder.resolve("data/backups/old.dump"), "old");
        first.destroy();
        assertThat(first.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(processesOn(folder)).isEmpty();

        up("fresh", "--fresh");

        assertThat(token(output("fresh"))).isNotEqualTo(before);
        assertThat(folder.resolve("data/backups/old.dump")).doesNotExist();
    }

    @Test
    void shouldSayThatNothingRuns() throws Exception {
        int status = slipway("down", "down", "--data", data());

        assertThat(status).isZero();
        assertThat(output("down")).contains("nothing runs on " + data());
    }

    private Process up(String name, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("up", "--free-ports", "--data", data()));
        arguments.addAll(List.of(more));
        Process process = start(name, arguments);
        launchers.add(process);
        boolean isUp = Deadline.in(LIMIT)
                .await(() -> !process.isAlive() || output(name).contains("Slipway is up"));
        assertThat(isUp && process.isAlive()).as(output(name)).isTrue();
        return process;
    }

    private int slipway(String name, String... arguments) throws Exception {
        Process process = start(name, List.of(arguments));
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private Process start(String name, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dslipway.home=" + Path.of("..").toAbsolutePath().normalize(),
                "-cp",
                System.getProperty("java.class.path"),
                StandInSlipway.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".out").toFile())
                .start();
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private String output(String name) {
        try {
            return Files.readString(folder.resolve(name + ".out"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String token(String output) {
        Matcher matcher = TOKEN.matcher(output);
        assertThat(matcher.find()).as(output).isTrue();
        return matcher.group(1);
    }

    private List<String> keptFiles() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("data/secrets"))) {
            List<String> contents = new ArrayList<>();
            for (Path file : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
                contents.add(Files.readString(file));
            }
            return contents;
        }
    }

    /// Whatever still runs with this test's folder on its command line.
    private static List<String> processesOn(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(Processes::lives)
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(folder.toString()))
                .toList();
    }
}
