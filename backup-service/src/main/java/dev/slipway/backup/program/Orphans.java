package dev.slipway.backup.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/// The programs that a killed service left running on this machine: they are nobody's children any more, and are known
/// by what they have in their environment, which only their own user can read.
public final class Orphans {
    private static final Logger LOG = Logger.getLogger(Orphans.class);
    private static final Path PROCESSES = Path.of("/proc");

    private Orphans() {}

    /// Ends the programs of a backup: SIGTERM, a while to tidy up, SIGKILL.
    ///
    /// @return how many there were
    public static int end(UUID backup, Duration grace) throws InterruptedException {
        List<ProcessHandle> left = left(backup);
        for (ProcessHandle orphan : left) {
            LOG.warnf("program left behind backup=%s pid=%d: ended", backup, orphan.pid());
            orphan.destroy();
        }
        CompletableFuture<Void> gone =
                CompletableFuture.allOf(left.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new));
        try {
            gone.get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            left.forEach(ProcessHandle::destroyForcibly);
        }
        return left.size();
    }

    /// The programs of a backup that run on this machine, whoever started them.
    public static List<ProcessHandle> left(UUID backup) {
        String mark = Run.MARK + "=" + backup;
        return ProcessHandle.allProcesses()
                .filter(process -> environment(process).contains(mark))
                .toList();
    }

    private static List<String> environment(ProcessHandle process) {
        try {
            Path file = PROCESSES.resolve(Long.toString(process.pid())).resolve("environ");
            return List.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).split("\0", -1));
        } catch (IOException _) {
            // Somebody else's, or gone by now.
            return List.of();
        }
    }
}
