package dev.slipway.suite.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What [ProcessHandle] doesn't tell of processes that are no children of this JVM (a server that detached itself, or
/// what an earlier launcher left): the end of one is noticed late, and one that ended but was never collected by its
/// parent counts as alive.
public final class Processes {
    private static final long LOOK_AGAIN_MILLIS = 200;

    private Processes() {}

    public static boolean lives(ProcessHandle process) {
        return process.isAlive() && !isZombie(process.pid());
    }

    /// Blocks until the process has ended.
    public static void awaitEnd(ProcessHandle process) {
        var exit = process.onExit();
        while (lives(process)) {
            try {
                exit.get(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException _) {
                // Look again.
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /// The folder a process works in; empty where the system does not tell (not Linux, or another user's process).
    public static Optional<Path> workingFolder(ProcessHandle process) {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd")));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static boolean isZombie(long pid) {
        try {
            // "pid (name) state …"; the name may hold anything, so the state is looked for behind its last bracket.
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            return stat.startsWith(") Z", stat.lastIndexOf(')'));
        } catch (IOException _) {
            return false;
        }
    }
}
