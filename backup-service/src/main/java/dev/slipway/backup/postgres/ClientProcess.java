package dev.slipway.backup.postgres;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Runs one client program to its end: no shell, no inherited environment, a time limit, both streams drained.
///
/// The program's output comes through a pipe, so a program whose service was killed ends by itself at its next
/// write.
final class ClientProcess {
    /// How long a program may take to end by itself after SIGTERM.
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final int BUFFER = 256 * 1024;
    private static final int ERRORS_KEPT = 64 * 1024;

    private ClientProcess() {}

    /// How it ended.
    ///
    /// @param late it was ended because its time was over
    /// @param errors what it wrote to its error stream
    /// @param cut `errors` was longer than what is kept of it
    record Ending(int exitCode, boolean late, String errors, boolean cut) {
        boolean ok() {
            return exitCode == 0 && !late;
        }
    }

    /// The sink did not take what the program wrote.
    static final class SinkFailed extends IOException {
        private static final long serialVersionUID = 1L;

        SinkFailed(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /// @throws SinkFailed when `sink` could not be written; the program is ended then
    /// @throws IOException when the program could not be started
    static Ending run(List<String> command, Map<String, String> environment, Duration limit, OutputStream sink)
            throws IOException, InterruptedException {
        return run(command, environment, limit, GRACE, sink);
    }

    /// @param grace between SIGTERM and SIGKILL
    static Ending run(
            List<String> command, Map<String, String> environment, Duration limit, Duration grace, OutputStream sink)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(new File("/dev/null"));
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                Future<Boolean> late = threads.submit(() -> endAfter(process, limit, grace));
                Future<Tail> errors = threads.submit(() -> tail(process.errorReader()));
                drain(process.getInputStream(), sink);
                int exitCode = process.waitFor();
                return new Ending(
                        exitCode, late.get(), errors.get().text(), errors.get().cut());
            } catch (ExecutionException e) {
                throw new IOException("lost " + command.getFirst(), e);
            } finally {
                // The threads end when the process has: nothing may leave this method while it lives.
                end(process, grace);
            }
        }
    }

    private static void drain(InputStream from, OutputStream sink) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            try {
                sink.write(buffer, 0, read);
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

    /// SIGTERM, a while to tidy up, SIGKILL; the workers of a parallel restore with it.
    private static void end(Process process, Duration grace) throws InterruptedException {
        if (!process.isAlive()) {
            return;
        }
        List<ProcessHandle> family = process.descendants().toList();
        // By its handle: Process.destroy() would also close the streams that are still being read.
        process.toHandle().destroy();
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
