package dev.slipway.deploy.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.deploy.target.TargetRun.Ended;
import dev.slipway.deploy.target.TargetRun.TimedOut;
import dev.slipway.deploy.target.TargetRun.Unknown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real processes, and a real JVM that is killed around them.
class ScriptRunsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path home;

    private final UUID step = UUID.randomUUID();
    private ScriptRuns runs;

    @BeforeEach
    void folders() {
        runs = new ScriptRuns(home.resolve("runs"));
    }

    @Test
    void shouldReportExitCodeAndOutputInOrder() {
        ScriptCommand command = command("echo one; echo two >&2; echo three; exit 7");

        TargetRun outcome = run(command);

        assertThat(outcome).satisfies(ended(7, List.of(), List.of("one", "two", "three")));
    }

    @Test
    void shouldKeepAnswerApartFromWarnings() {
        ScriptCommand command = command("echo warning >&2; echo v2");

        TargetRun outcome = runs.ask(command, UnaryOperator.identity());

        assertThat(outcome).satisfies(ended(0, List.of("v2"), List.of("warning")));
        assertThat(home.resolve("runs/asked")).isEmptyDirectory();
    }

    @Test
    void shouldPassForeignTextUnreadByAnyShell() {
        Path proof = home.resolve("proof");
        String foreign = "$(touch %s); `touch %s` ' \" \\ ; touch %s".formatted(proof, proof, proof);
        ScriptCommand command = new ScriptCommand(
                script("printf '%s|%s\\n' \"$1\" \"$FOREIGN\""), List.of(foreign), Map.of("FOREIGN", foreign), LIMIT);

        TargetRun outcome = run(command);

        assertThat(outcome.lines()).containsExactly(foreign + "|" + foreign);
        assertThat(proof).doesNotExist();
    }

    @Test
    void shouldShowTheScriptNothingButDeclaredVariables() {
        ScriptCommand command = new ScriptCommand(
                script("env | cut -d= -f1 | grep -v -e '^_$' -e '^PWD$' -e '^SHLVL$' | sort"),
                List.of(),
                Map.of("SHOP_HOME", "/srv"),
                LIMIT);

        TargetRun outcome = run(command);

        assertThat(outcome.lines()).containsExactly("PATH", "SHOP_HOME");
    }

    @Test
    void shouldMaskSecretsInWhatIsToldAndInWhatIsKept() throws IOException {
        ScriptCommand command =
                new ScriptCommand(script("echo \"password $PW.\""), List.of(), Map.of("PW", "s3cret-value"), LIMIT);

        TargetRun outcome = runs.run(step, 1, command, text -> text.replace("s3cret-value", "***"));

        assertThat(outcome.lines()).containsExactly("password ***.");
        try (Stream<Path> kept = Files.walk(home.resolve("runs"))) {
            assertThat(kept.filter(Files::isRegularFile))
                    .allSatisfy(file -> assertThat(file).content().doesNotContain("s3cret-value"));
        }
    }

    @Test
    void shouldBoundWhatANoisyScriptLeaves() {
        ScriptCommand command = command("seq 1 5000; head -c 100000 /dev/zero | tr '\\0' x; echo; echo the reason");

        List<String> output = run(command).lines();

        assertThat(output).hasSize(ScriptOutput.FIRST_LINES + 1 + ScriptOutput.LAST_LINES);
        assertThat(output).startsWith("1", "2").endsWith("the reason");
        assertThat(output.get(ScriptOutput.FIRST_LINES)).isEqualTo("… 4002 lines left out …");
        assertThat(output).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(ScriptOutput.LINE_CHARS + 2));
    }

    @Test
    void shouldEndTheWholeTreeWhenTheTimeLimitPasses() throws IOException {
        Path child = home.resolve("child");
        Duration limit = Duration.ofMillis(500);
        ScriptCommand command = new ScriptCommand(
                script("echo begun; sleep 100 & echo $! > " + child + "; wait"), List.of(), Map.of(), limit);

        TargetRun outcome = run(command);

        assertThat(outcome).isInstanceOfSatisfying(TimedOut.class, late -> {
            assertThat(late.limit()).isEqualTo(limit);
            assertThat(late.lines()).startsWith("begun");
        });
        long pid = Long.parseLong(Files.readString(child).strip());
        eventually(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void shouldNotWaitForADaemonTheScriptLeavesBehind() {
        ScriptCommand command = command("sleep 30 & echo started; exit 0");

        TargetRun outcome = run(command);

        assertThat(outcome).satisfies(ended(0, List.of(), List.of("started")));
        endLeftovers();
    }

    @Test
    void shouldTellTheSameEndToWhoeverAsksAgain() {
        Path count = home.resolve("count");
        ScriptCommand command = command("echo started >> " + count + "; echo out; exit 3");
        TargetRun first = run(command);

        TargetRun second = run(command);

        assertThat(second).isEqualTo(first);
        assertThat(count).content().isEqualTo("started\n");
    }

    @Test
    void shouldStartOnceWhenSeveralOwnersStartAtTheSameTime() throws Exception {
        Path count = home.resolve("count");
        ScriptCommand command = command("echo started >> " + count + "; sleep 0.2; exit 3");

        List<TargetRun> outcomes = new ArrayList<>();
        try (ExecutorService owners = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<TargetRun>> four = Collections.nCopies(4, () -> run(command));
            for (Future<TargetRun> owner : owners.invokeAll(four)) {
                outcomes.add(owner.get());
            }
        }

        assertThat(outcomes).hasSize(4).allSatisfy(ended(3, List.of(), List.of()));
        assertThat(count).content().isEqualTo("started\n");
    }

    @Test
    void shouldFollowTheSameRunAfterTheServiceWasKilled() throws Exception {
        Path count = home.resolve("count");
        Path go = home.resolve("go");
        Path script = script("echo started | tee -a " + count + "; while [ ! -e " + go + " ]; do sleep 0.05; done; "
                + "echo finished; exit 5");
        Process service = service(script);
        eventually(() -> Files.exists(count));
        service.destroyForcibly().waitFor();

        CompletableFuture<TargetRun> next =
                CompletableFuture.supplyAsync(() -> run(new ScriptCommand(script, List.of(), Map.of(), LIMIT)));
        Files.createFile(go);

        assertThat(next.get(20, TimeUnit.SECONDS)).satisfies(ended(5, List.of(), List.of("started", "finished")));
        assertThat(count).content().isEqualTo("started\n");
    }

    @Test
    void shouldReadTheExitCodeOfARunThatEndedWhileNobodyLooked() throws Exception {
        Path count = home.resolve("count");
        Path script = script("echo started >> " + count + "; sleep 0.3; exit 6");
        Process service = service(script);
        eventually(() -> Files.exists(count));
        service.destroyForcibly().waitFor();
        eventually(() -> Files.exists(home.resolve("runs/" + step + "/1/exit")));

        TargetRun outcome = run(new ScriptCommand(script, List.of(), Map.of(), LIMIT));

        assertThat(outcome).satisfies(ended(6, List.of(), List.of()));
        assertThat(count).content().isEqualTo("started\n");
    }

    @Test
    void shouldKeepTheTimeLimitWhileNobodyLooks() throws Exception {
        Path child = home.resolve("child");
        Path script = script("echo $$ > " + child + "; exec sleep 100");
        Process service = service(script, "PT1S");
        eventually(() -> Files.exists(child));
        service.destroyForcibly().waitFor();

        eventually(() -> Files.exists(home.resolve("runs/" + step + "/1/exit")));

        ScriptCommand command = new ScriptCommand(script, List.of(), Map.of(), Duration.ofSeconds(1));
        assertThat(run(command)).isInstanceOf(TimedOut.class);
    }

    @Test
    void shouldSayThatARunVanishedInsteadOfStartingItAgain() throws Exception {
        Path count = home.resolve("count");
        Path script = script("echo started | tee -a " + count + "; exec sleep 100");
        Process service = service(script);
        eventually(() -> Files.exists(count));
        service.destroyForcibly().waitFor();
        killSession();

        TargetRun outcome = run(new ScriptCommand(script, List.of(), Map.of(), LIMIT));

        assertThat(outcome).isEqualTo(new Unknown("its process is gone and left no exit code", List.of("started")));
        assertThat(count).content().isEqualTo("started\n");
    }

    @Test
    void shouldNotTakeAStrangerWithTheSamePidForTheRun() throws IOException {
        Path folder = Files.createDirectories(home.resolve("runs/" + step + "/1"));
        Files.writeString(
                folder.resolve("process"),
                "%d 1 %s"
                        .formatted(
                                ProcessHandle.current().pid(),
                                Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))));

        TargetRun outcome = run(command("echo never"));

        assertThat(outcome).isInstanceOf(Unknown.class);
    }

    @Test
    void shouldForgetWhatEndedLongAgoAndNothingThatRuns() throws IOException {
        Path go = home.resolve("go");
        run(command("echo done"));
        UUID running = UUID.randomUUID();
        CompletableFuture<TargetRun> other = CompletableFuture.supplyAsync(() -> runs.run(
                running, 1, command("while [ ! -e " + go + " ]; do sleep 0.05; done"), UnaryOperator.identity()));
        eventually(() -> runs.started(running, 1));

        runs.forget(Instant.EPOCH);
        boolean keptWhatIsRecent = runs.started(step, 1);
        runs.forget(Instant.parse("2999-01-01T00:00:00Z"));

        assertThat(keptWhatIsRecent).isTrue();
        assertThat(home.resolve("runs/" + step)).doesNotExist();
        assertThat(runs.started(running, 1)).isTrue();
        assertThat(go.toFile().createNewFile()).isTrue();
        assertThat(other.join().ok()).isTrue();
    }

    @Test
    void shouldAnswerWhileOldRunsAreClearedAway() throws Exception {
        ScriptCommand command = command("echo v2");
        AtomicBoolean asked = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> clearing = threads.submit(() -> {
                while (!asked.get()) {
                    runs.forget(Instant.EPOCH);
                }
            });
            try {
                for (int i = 0; i < 30; i++) {
                    assertThat(runs.ask(command, UnaryOperator.identity()))
                            .satisfies(ended(0, List.of("v2"), List.of()));
                }
            } finally {
                asked.set(true);
            }
            clearing.get();
        }
    }

    @Test
    void shouldSayThatNothingRanWhenTheRunsFolderCannotBeUsed() throws IOException {
        Files.writeString(home.resolve("runs"), "a file where the folder should be");

        assertThatThrownBy(() -> run(command("echo never")))
                .isInstanceOf(ScriptRefused.class)
                .hasMessageContaining("could not be started");
    }

    private static Consumer<TargetRun> ended(int exitCode, List<String> answer, List<String> lines) {
        return run -> assertThat(run).isInstanceOfSatisfying(Ended.class, ended -> {
            assertThat(ended.exitCode()).isEqualTo(exitCode);
            assertThat(ended.answer()).isEqualTo(answer);
            assertThat(ended.lines()).isEqualTo(lines);
        });
    }

    private TargetRun run(ScriptCommand command) {
        return runs.run(step, 1, command, UnaryOperator.identity());
    }

    private ScriptCommand command(String body) {
        return new ScriptCommand(script(body), List.of(), Map.of(), LIMIT);
    }

    private Path script(String body) {
        try {
            Path script = Files.createTempFile(
                    home,
                    "script",
                    ".sh",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return Files.writeString(script, "#!/bin/sh\n" + body + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process service(Path script) throws IOException {
        return service(script, LIMIT.toString());
    }

    /// A JVM of its own that runs the script and waits for it, as the service does.
    private Process service(Path script, String limit) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ScriptRunsOwner.class.getName(),
                        home.resolve("runs").toString(),
                        step.toString(),
                        script.toString(),
                        limit)
                .inheritIO()
                .start();
    }

    /// As a restart of the machine does it: nobody is left to write an exit code.
    private void killSession() {
        ScriptProcess process =
                new RunFolder(home.resolve("runs/" + step + "/1")).process().orElseThrow();
        ProcessHandle.of(process.pid()).orElseThrow().destroyForcibly();
        process.session().forEach(ProcessHandle::destroyForcibly);
        eventually(() -> !process.alive() && process.session().isEmpty());
    }

    private void endLeftovers() {
        new RunFolder(home.resolve("runs/" + step + "/1"))
                .process()
                .orElseThrow()
                .session()
                .forEach(ProcessHandle::destroyForcibly);
    }

    private static void eventually(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
