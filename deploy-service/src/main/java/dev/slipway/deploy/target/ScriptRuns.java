package dev.slipway.deploy.target;

import dev.slipway.deploy.target.TargetRun.Ended;
import dev.slipway.deploy.target.TargetRun.TimedOut;
import dev.slipway.deploy.target.TargetRun.Unknown;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// Runs commands so that a kill of this service loses nothing: each run is a process session of its own with a folder
/// `<runs>/<step>/<attempt>`, in which a fixed wrapper (`run.sh`) keeps the process's identity, its output and its exit
/// code. Whoever
/// asks for the same attempt again follows the same run, or reads how it ended; the command is started once.
///
/// Linux only: it reads `/proc` and needs `setsid` and `timeout` (util-linux, coreutils).
@Singleton
final class ScriptRuns {
    private static final Logger LOG = Logger.getLogger(ScriptRuns.class);
    private static final String WRAPPER = wrapper();
    private static final String PATH = "PATH";
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration LOOK_FOR_START_EVERY = Duration.ofMillis(5);

    /// The wrapper ends a command that passed its limit, with five seconds between asking and killing. This service
    /// does it only when the wrapper itself was hindered.
    private static final Duration GRACE = Duration.ofSeconds(10);

    /// Files are dated by a clock that ticks every few milliseconds.
    private static final Duration COARSE = Duration.ofMillis(50);

    private static final int TIMED_OUT = 124;
    private static final int KILLED = 137;

    /// A file of output that grows past this is cut while it is followed; what was read of it stays.
    private static final long LARGEST_FILE = 16L << 20;

    private final Path folder;

    /// @param folder `SLIPWAY_RUNS_DIR`: outlives the service and the machine's restart; replicas on one machine share
    /// it
    ScriptRuns(@ConfigProperty(name = "slipway.runs.dir") Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    /// Starts the run, or joins it when it was started before, and waits for its end.
    ///
    /// @param step names the run for ever, together with the attempt
    /// @throws ScriptRefused when it could not be started; nothing ran
    TargetRun run(UUID step, int attempt, ScriptCommand command, UnaryOperator<String> mask) {
        return run(folderOf(step, attempt), "output", command, mask);
    }

    /// Whether the run was ever started.
    boolean started(UUID step, int attempt) {
        return folderOf(step, attempt).taken();
    }

    /// Runs a command that only answers a question: anew each time, with its standard output kept apart, leaving
    /// nothing.
    TargetRun ask(ScriptCommand command, UnaryOperator<String> mask) {
        RunFolder run =
                new RunFolder(folder.resolve("asked").resolve(UUID.randomUUID().toString()));
        try {
            return run(run, "answer", command, mask);
        } finally {
            run.delete();
        }
    }

    /// Deletes runs that ended, or vanished, before a moment; whoever asks for one of them later starts it anew.
    void forget(Instant before) {
        for (Path step : entries(folder)) {
            for (Path attempt : entries(step)) {
                RunFolder run = new RunFolder(attempt);
                if (run.quietSince(before)) {
                    run.delete();
                }
            }
            RunFolder.deleteEmpty(step);
        }
    }

    private static List<Path> entries(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory).toList();
        } catch (IOException _) {
            return List.of();
        }
    }

    private RunFolder folderOf(UUID step, int attempt) {
        return new RunFolder(folder.resolve(step.toString()).resolve(Integer.toString(attempt)));
    }

    private static TargetRun run(RunFolder run, String answer, ScriptCommand command, UnaryOperator<String> mask) {
        if (run.taken()) {
            LOG.infof(
                    "event=script_joined run=%s script=%s",
                    run.path(), command.script().getFileName());
        } else {
            start(run, answer, command);
        }
        return new Following(run, command.limit(), mask).toTheEnd();
    }

    private static void start(RunFolder run, String answer, ScriptCommand command) {
        try {
            run.create();
            Process wrapper = wrapper(run, answer, command).start();
            // The wrapper's first act is to take the run; one that ends without having done so never started anything.
            while (!run.taken()) {
                if (wrapper.waitFor(LOOK_FOR_START_EVERY.toMillis(), TimeUnit.MILLISECONDS) && !run.taken()) {
                    throw new ScriptRefused("the script's wrapper ended with exit code %d before it ran"
                            .formatted(wrapper.exitValue()));
                }
            }
        } catch (IOException e) {
            throw new ScriptRefused("the script could not be started: " + e.getMessage());
        } catch (InterruptedException _) {
            throw interrupted();
        }
        LOG.infof(
                "event=script_started run=%s script=%s",
                run.path(), command.script().getFileName());
    }

    private static ProcessBuilder wrapper(RunFolder run, String answer, ScriptCommand command) {
        List<String> line = new ArrayList<>(List.of("setsid", "sh", "-c", WRAPPER, "run.sh"));
        line.add(run.path().toString());
        line.add(String.format(Locale.ROOT, "%.3f", command.limit().toMillis() / 1000.0));
        line.add(answer);
        line.add(command.script().toString());
        line.addAll(command.arguments());
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(run.work().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(run.output().toFile()));
        builder.environment().clear();
        builder.environment().put(PATH, System.getenv().getOrDefault(PATH, "/usr/bin:/bin"));
        builder.environment().putAll(command.variables());
        return builder;
    }

    private static IllegalStateException interrupted() {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while a script runs; it goes on, and so may whoever asks next");
    }

    private static String wrapper() {
        try (InputStream in = ScriptRuns.class.getResourceAsStream("run.sh")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One look after the other at a run until it has ended.
    private static final class Following {
        private final RunFolder run;
        private final Duration limit;
        private final ScriptOutput output;
        private final ScriptOutput answer = new ScriptOutput(UnaryOperator.identity());
        private final long giveUp;
        private long outputRead;
        private long answerRead;

        Following(RunFolder run, Duration limit, UnaryOperator<String> mask) {
            this.run = run;
            this.limit = limit;
            this.output = new ScriptOutput(mask);
            this.giveUp = System.nanoTime() + limit.plus(GRACE).toNanos();
        }

        TargetRun toTheEnd() {
            while (true) {
                // In this order: what is read after the exit code was seen is all there is.
                OptionalInt code = run.exitCode();
                boolean gone = code.isEmpty() && gone();
                read();
                if (code.isPresent()) {
                    return ended(code.getAsInt());
                }
                if (gone && run.exitCode().isEmpty()) {
                    return new Unknown("its process is gone and left no exit code", keepMasked());
                }
                if (System.nanoTime() - giveUp > 0) {
                    return givenUp();
                }
                await();
            }
        }

        private TargetRun ended(int code) {
            boolean late = code == TIMED_OUT || code == KILLED;
            if (late && run.took().plus(COARSE).compareTo(limit) >= 0) {
                return new TimedOut(limit, keepMasked());
            }
            return new Ended(code, answer.lines(), keepMasked(), run.took());
        }

        private TargetRun givenUp() {
            boolean ours = run.process().filter(ScriptProcess::alive).isPresent();
            run.process().ifPresent(ScriptProcess::kill);
            read();
            return ours
                    ? new TimedOut(limit, keepMasked())
                    : new Unknown("its wrapper is gone, but what it started still runs", keepMasked());
        }

        private boolean gone() {
            return run.process()
                    .map(process -> !process.alive() && process.session().isEmpty())
                    .orElse(true);
        }

        private void read() {
            outputRead = read(run.output(), outputRead, output);
            answerRead = read(run.answer(), answerRead, answer);
        }

        private static long read(Path file, long from, ScriptOutput into) {
            long read = RunFolder.drain(file, from, into);
            if (read > LARGEST_FILE) {
                RunFolder.cut(file);
                return 0;
            }
            return read;
        }

        /// What stays on the disk is what may be shown.
        private List<String> keepMasked() {
            List<String> lines = output.lines();
            RunFolder.rewrite(run.output(), lines);
            return lines;
        }

        private static void await() {
            // Another process's files are looked at; there is nothing to be woken by that holds after a takeover too.
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted();
            }
        }
    }
}
