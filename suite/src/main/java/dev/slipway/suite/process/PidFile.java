package dev.slipway.suite.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Remembers a process beyond the life of the launcher: its pid *and* its start time, for pids are used again.
public final class PidFile {
    /// The kernel keeps the start relative to the boot time, which is known to the second and may be corrected.
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    private final Path file;

    public PidFile(Path file) {
        this.file = file;
    }

    public Path path() {
        return file;
    }

    public void write(ProcessHandle process) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Instant start = process.info().startInstant().orElse(Instant.EPOCH);
        Files.writeString(next, process.pid() + "\n" + start.toEpochMilli() + "\n");
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /// The process written here, when it still lives and is the same one.
    public Optional<ProcessHandle> living() {
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            if (lines.size() < 2) {
                return Optional.empty();
            }
            Instant start = Instant.ofEpochMilli(Long.parseLong(lines.get(1).strip()));
            return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                    .filter(Processes::lives)
                    .filter(process -> startedAt(process, start));
        } catch (IOException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    public void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // A file that stays behind names a process that is gone: the next reader finds that out by itself.
        }
    }

    static boolean startedAt(ProcessHandle process, Instant start) {
        return process.info()
                .startInstant()
                .map(actual -> Duration.between(start, actual).abs().compareTo(TOLERANCE) <= 0)
                .orElse(false);
    }
}
