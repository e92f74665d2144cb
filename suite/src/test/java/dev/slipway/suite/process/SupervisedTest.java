package dev.slipway.suite.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.suite.SuiteFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisedTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final BackOff QUICK =
            new BackOff(Duration.ofMillis(10), Duration.ofMillis(40), 3, NEVER, Duration.ofSeconds(10));

    @TempDir
    private Path folder;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private Supervised supervised;

    @AfterEach
    void stop() {
        supervised.stop(Duration.ofSeconds(5));
    }

    @Test
    void shouldRememberTheProcessWhileItRuns() throws Exception {
        start(ShellProgram.wellBehaved(folder), QUICK);
        supervised.awaitReady(SOON);

        assertThat(new PidFile(folder.resolve("shell.pid")).living().map(ProcessHandle::pid))
                .contains(readyPid());

        supervised.stop(SOON);

        assertThat(supervised.state()).isEqualTo(new Supervised.State.Stopped());
        assertThat(folder.resolve("shell.pid")).doesNotExist();
    }

    @Test
    void shouldStartAgainWhatWasKilled() {
        ShellProgram program = ShellProgram.wellBehaved(folder);
        start(program, QUICK);
        supervised.awaitReady(SOON);

        long killed = supervised.kill9();
        supervised.awaitReady(SOON);

        assertThat(readyPid()).isNotEqualTo(killed);
        assertThat(program.starts()).isEqualTo(2);
        assertThat(supervised.restarts()).isEqualTo(1);
        assertThat(told).containsExactly("shell died: status 137; started again in 10 ms");
    }

    @Test
    void shouldShowWhyItDiedInsteadOfTryingAgainWhenItWasNeverReady() {
        ShellProgram program = new ShellProgram(folder, "echo the port is haunted; exit 3");
        start(program, QUICK);

        assertThatThrownBy(() -> supervised.awaitReady(SOON))
                .isInstanceOf(SuiteFailure.class)
                .hasMessageContaining("shell: status 3")
                .hasMessageContaining("the port is haunted")
                .hasMessageContaining("shell.log");
        assertThat(program.starts()).isEqualTo(1);
    }

    @Test
    void shouldGiveUpAfterABoundedNumberOfRestarts() {
        ShellProgram program = new ShellProgram(folder, "[ -e seen ] && exit 4; touch seen ready; sleep 0.3");
        start(program, QUICK);

        awaitGivingUp();

        assertThat(program.starts()).isEqualTo(1 + QUICK.restarts());
        assertThat(told)
                .containsExactly(
                        "shell died: status 0; started again in 10 ms",
                        "shell died: status 4; started again in 20 ms",
                        "shell died: status 4; started again in 40 ms",
                        "shell gave up: status 4, after 3 restarts in a row");
    }

    @Test
    void shouldForgetEarlierDeathsOfWhatRanWellForAWhile() {
        BackOff forgiving = new BackOff(Duration.ofMillis(10), Duration.ofMillis(40), 1, Duration.ZERO, SOON);
        ShellProgram program = new ShellProgram(folder, "touch ready; sleep 0.2");
        start(program, forgiving);

        boolean fourthLife = Deadline.in(SOON).await(() -> program.starts() >= 4);

        assertThat(fourthLife).isTrue();
        assertThat(told).allMatch(line -> line.endsWith("started again in 10 ms"));
    }

    @Test
    void shouldKillWhatIsNotReadyInTime() {
        BackOff impatient = new BackOff(Duration.ofMillis(10), Duration.ofMillis(40), 3, NEVER, Duration.ofMillis(300));
        start(new ShellProgram(folder, "exec sleep 300"), impatient);

        assertThatThrownBy(() -> supervised.awaitReady(SOON)).hasMessageContaining("not ready within PT0.3S");
    }

    @Test
    void shouldKillWhatDoesNotStop() throws Exception {
        start(new ShellProgram(folder, "trap '' TERM; touch ready; while true; do sleep 0.1; done"), QUICK);
        supervised.awaitReady(SOON);
        ProcessHandle stubborn = ProcessHandle.of(readyPid()).orElseThrow();

        supervised.stop(Duration.ofMillis(300));

        assertThat(Processes.lives(stubborn)).isFalse();
        assertThat(told).containsExactly("shell did not stop within PT0.3S and is killed");
    }

    @Test
    void shouldStayDownWhenStoppedDuringTheBackOff() {
        BackOff slow = new BackOff(NEVER, NEVER, 3, NEVER, SOON);
        ShellProgram program = ShellProgram.wellBehaved(folder);
        start(program, slow);
        supervised.awaitReady(SOON);
        supervised.kill9();

        supervised.stop(SOON);

        assertThat(supervised.state()).isEqualTo(new Supervised.State.Stopped());
        assertThat(program.starts()).isEqualTo(1);
    }

    @Test
    void shouldNotTakeAnotherProgramOnThePortForItsOwn() throws Exception {
        try (var other = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();
            Path log = Files.createFile(folder.resolve("taken.log"));
            Program program = new CommandProgram(
                    "taken", List.of("sleep", "300"), java.util.Map.of(), folder, log, port, () -> true);
            start(program, QUICK);

            assertThatThrownBy(() -> supervised.awaitReady(SOON))
                    .hasMessageContaining("port " + port + " is taken by another program");
        }
    }

    private void start(Program program, BackOff backOff) {
        supervised = new Supervised(program, backOff, new PidFile(folder.resolve("shell.pid")), told::add);
        supervised.start();
    }

    private void awaitGivingUp() {
        assertThat(Deadline.in(SOON).await(() -> supervised.state() instanceof Supervised.State.GaveUp))
                .isTrue();
    }

    private long readyPid() {
        assertThat(supervised.state()).isInstanceOf(Supervised.State.Ready.class);
        return ((Supervised.State.Ready) supervised.state()).pid();
    }
}
