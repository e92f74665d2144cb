package dev.slipway.suite.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
    @TempDir
    private Path folder;

    private Process process;

    @BeforeEach
    void startProcess() throws Exception {
        process = new ProcessBuilder("sleep", "300").start();
    }

    @AfterEach
    void endProcess() {
        process.destroyForcibly();
    }

    @Test
    void shouldFindTheProcessItWasWrittenFor() throws Exception {
        PidFile file = new PidFile(folder.resolve("a.pid"));

        file.write(process.toHandle());

        assertThat(file.living()).contains(process.toHandle());
    }

    @Test
    void shouldNotTakeAnotherProcessWithTheSamePidForIt() throws Exception {
        Path path = folder.resolve("a.pid");
        Files.writeString(path, process.pid() + "\n1000000000000\n");

        assertThat(new PidFile(path).living()).isEmpty();
    }

    @Test
    void shouldFindNothingInAFileCutShort() throws Exception {
        Path path = folder.resolve("a.pid");
        Files.writeString(path, Long.toString(process.pid()));

        assertThat(new PidFile(path).living()).isEmpty();
        assertThat(new PidFile(folder.resolve("missing.pid")).living()).isEmpty();
    }

    @Test
    void shouldStopWhatAnEarlierLauncherLeftAndNothingElse() throws Exception {
        new PidFile(folder.resolve("left.pid")).write(process.toHandle());
        Process stranger = new ProcessBuilder("sleep", "300").start();
        Files.writeString(folder.resolve("reused.pid"), stranger.pid() + "\n1000000000000\n");
        List<String> told = new ArrayList<>();

        Leftovers.stop(folder, told::add);

        try {
            assertThat(process.isAlive()).isFalse();
            assertThat(stranger.isAlive()).isTrue();
            assertThat(told).containsExactly("stopping what an earlier start left behind: left");
            assertThat(folder).isEmptyDirectory();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void shouldCountAProcessNobodyCollectedAsEnded() throws Exception {
        // The shell becomes a program that knows nothing of its child, which therefore stays a zombie when it ends.
        Process careless = new ProcessBuilder("sh", "-c", "sleep 0.1 & echo $!; exec sleep 300").start();
        try (var output = careless.inputReader()) {
            ProcessHandle child =
                    ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();

            Processes.awaitEnd(child);

            assertThat(Processes.lives(child)).isFalse();
            assertThat(child.isAlive()).isTrue();
        } finally {
            careless.destroyForcibly();
        }
    }
}
