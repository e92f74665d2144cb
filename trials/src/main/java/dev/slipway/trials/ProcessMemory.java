package dev.slipway.trials;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a process of this machine has in memory, as Linux counts it, in mebibytes; 0 when there is no such process.
public record ProcessMemory(long pid) {
    private static final String FORGET_PEAK = "5";

    /// The most it ever had resident, or since the peak was forgotten.
    public long peak() {
        return mebibytes("VmHWM:");
    }

    public long now() {
        return mebibytes("VmRSS:");
    }

    /// Lets the peak be measured from now on.
    public void forgetPeak() {
        try {
            Files.writeString(folder().resolve("clear_refs"), FORGET_PEAK);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long mebibytes(String label) {
        try {
            return Files.readAllLines(folder().resolve("status")).stream()
                    .filter(line -> line.startsWith(label))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException _) {
            return 0;
        }
    }

    private Path folder() {
        return Path.of("/proc", Long.toString(pid));
    }
}
