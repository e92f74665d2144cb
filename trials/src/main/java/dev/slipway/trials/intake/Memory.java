package dev.slipway.trials.intake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a process has in memory, as the kernel counts it.
final class Memory {
    private static final String PEAK = "VmHWM:";

    private Memory() {}

    /// The most a process ever had resident.
    /// @return mebibytes, 0 when there is no such process
    static long peak(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(line -> line.startsWith(PEAK))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException _) {
            return 0;
        }
    }
}
