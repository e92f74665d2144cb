package dev.slipway.backup.program;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs one client program to its end: no shell, no inherited environment, a time limit, all streams attended to.
///
/// What the program writes and reads goes through pipes, so a program whose service was killed ends by itself at its
/// next write or read.
public final class ClientProcess {
    /// How long a program may take to end by itself after SIGTERM.
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final int BUFFER = 256 * 1024;
    private static final int ERRORS_KEPT = 64 * 1024;

    private ClientProcess() {}

    /// What to run.
    ///
    /// @param grace between SIGTERM and SIGKILL
    /// @param input what the program reads; nothing when null
    /// @param sink takes what the program writes
    public record Call(
            List<String> command,
            Map<String, String> environment,
            Duration limit,
            Duration grace,
            @Nullable InputStream input,
            OutputStream sink) {
        public static Call of(List<String> command, Map<String, String> environment, Duration limit) {
            return new Call(command, environment, limit, GRACE, null, OutputStream.nullOutputStream());
        }

        public Call reading(InputStream from) {
            return new Call(command, environment, limit, grace, from, sink);
        }

        public Call into(OutputStream to) {
            return new Call(command, environment, limit, grace, input, to);
        }
    }

    /// How it ended.
    ///
    /// @param late it was ended because its time was over
    /// @param errors what it wrote to its error stream
    /// @param cut `errors` was longer than what is kept of it
    public record Ending(int exitCode, boolean late, String errors, boolean cut) {
        public boolean ok() {
            return exitCode == 0 && !late;
        }
    }

    /// The sink did not take what the program wrote. The program was ended.
    public static final class SinkFailed extends IOException {
        private static final long serialVersionUID = 1L;

        SinkFailed(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /// What the program was to read could not be read. The program was ended, so that it does not take what it got for
    /// the whole.
    public static final class SourceFailed extends IOException {
        private static final long serialVersionUID = 1L;

        SourceFailed(IOException cause) {
            super(cause.getMessage(), cause);
        }

        /// What went wrong with it.
        public IOException why() {
            return (IOException) getCause();
        }
    }

    /// @throws SinkFailed when the sink could not be written
    /// @throws SourceFailed when the input could not be read
    /// @throws IOException when the program could not be started
    public static Ending run(Call call) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(call.command());
        if (call.input() == null) {
            builder.redirectInput(new File("/dev/null"));
        }
        builder.environment().clear();
        builder.environment().putAll(call.environment());
        Run run = Run.current();
        if (run.backup() != null) {
            builder.environment().put(Run.MARK, run.backup().toString());
        }
        Process process = builder.start();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                Run.Ender _ = run.endBy(() -> endSoon(process, call.grace()))) {
            try {
                Future<Boolean> late = threads.submit(() -> endAfter(process, call.limit(), call.grace()));
                Future<Tail> errors = threads.submit(() -> tail(process.errorReader()));
                Future<Optional<IOException>> fed = threads.submit(() -> feed(call, process, run));
                drain(process.getInputStream(), call.sink(), run);
                int exitCode = process.waitFor();
                if (fed.get().isPresent()) {
                    throw new SourceFailed(fed.get().get());
                }
                return new Ending(
                        exitCode, late.get(), errors.get().text(), errors.get().cut());
            } catch (ExecutionException e) {
                throw new IOException("lost " + call.command().getFirst(), e);
            } finally {
                // The threads end when the process has: nothing may leave this method while it lives.
                end(process, call.grace());
            }
        }
    }

    /// Gives the program its input. It may end before it has read all of it.
    ///
    /// @return why the input could not be read
    private static Optional<IOException> feed(Call call, Process process, Run run) throws InterruptedException {
        InputStream input = call.input();
        if (input == null) {
            return Optional.empty();
        }
        byte[] buffer = new byte[BUFFER];
        try (OutputStream to = process.getOutputStream()) {
            while (true) {
                int read;
                try {
                    read = input.read(buffer);
                } catch (IOException e) {
                    // Before its input is closed: the program must not see an end that is none.
                    end(process, Duration.ZERO);
                    return Optional.of(e);
                }
                if (read < 0) {
                    return Optional.empty();
                }
                to.write(buffer, 0, read);
                run.passed(read);
            }
        } catch (IOException _) {
            // It does not read any more: its exit code says why.
            return Optional.empty();
        }
    }

    private static void drain(InputStream from, OutputStream sink, Run run) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            try {
                sink.write(buffer, 0, read);
                run.passed(read);
            } catch (IOException e) {
                throw new SinkFailed(e);
            }
        }
    }

    private static boolean endAfter(Process process, Duration limit, Duration grace) throws InterruptedException {
        if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        end(process, grace);
        return true;
    }

    /// Ends it without anybody waiting for that.
    private static void endSoon(Process process, Duration grace) {
        Thread.ofVirtual().start(() -> {
            try {
                end(process, grace);
            } catch (InterruptedException _) {
                process.toHandle().destroyForcibly();
            }
        });
    }

    /// SIGTERM, a while to tidy up, SIGKILL; the workers of a parallel restore with it.
    private static void end(Process process, Duration grace) throws InterruptedException {
        if (!process.isAlive()) {
            return;
        }
        List<ProcessHandle> family = process.descendants().toList();
        if (grace.isPositive()) {
            // By its handle: Process.destroy() would also close the streams that are still being read.
            process.toHandle().destroy();
        }
        if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            process.toHandle().destroyForcibly();
            process.waitFor();
        }
        family.forEach(ProcessHandle::destroyForcibly);
    }

    private record Tail(String text, boolean cut) {}

    private static Tail tail(Reader from) throws IOException {
        StringBuilder kept = new StringBuilder();
        boolean cut = false;
        char[] buffer = new char[4096];
        try (Reader reader = new BufferedReader(from)) {
            for (int read = reader.read(buffer); read >= 0; read = reader.read(buffer)) {
                kept.append(buffer, 0, read);
                if (kept.length() > ERRORS_KEPT) {
                    kept.delete(0, kept.length() - ERRORS_KEPT);
                    cut = true;
                }
            }
        }
        return new Tail(kept.toString(), cut);
    }
}
