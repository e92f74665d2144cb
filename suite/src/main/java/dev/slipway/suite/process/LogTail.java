package dev.slipway.suite.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// The end of a log, for messages about a program that did not do as it should.
public final class LogTail {
    private static final int BYTES = 16 * 1024;

    private LogTail() {}

    /// The last lines, indented, under a line that names the file; says so when there is nothing.
    public static String of(Path log, int lines) {
        List<String> last;
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, file.length() - BYTES);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            List<String> all = new String(bytes, StandardCharsets.UTF_8).lines().toList();
            last = all.subList(Math.max(0, all.size() - lines), all.size());
        } catch (IOException e) {
            return "  (no log at " + log + ": " + e.getMessage() + ")";
        }
        if (last.isEmpty()) {
            return "  (its log " + log + " is empty)";
        }
        return last.stream().collect(Collectors.joining("\n    ", "  the end of " + log + ":\n    ", ""));
    }
}
