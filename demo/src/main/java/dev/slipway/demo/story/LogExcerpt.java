package dev.slipway.demo.story;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What of a service's log may explain a failure: the last warnings and errors, and how it ends.
public final class LogExcerpt {
    private static final int COMPLAINTS = 8;
    private static final int LAST = 6;
    private static final int WIDTH = 220;

    private LogExcerpt() {}

    /// Lines to print, under one that names the log.
    public static List<String> of(Path log) {
        List<String> lines;
        try {
            lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of("(no log at " + log + ": " + e.getMessage() + ")");
        }
        int end = Math.max(0, lines.size() - LAST);
        List<String> complaints = lines.subList(0, end).stream()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                .toList();
        List<String> excerpt = new ArrayList<>();
        excerpt.add(log.getFileName() + ":");
        complaints
                .subList(Math.max(0, complaints.size() - COMPLAINTS), complaints.size())
                .forEach(line -> excerpt.add("  ! " + cut(line)));
        lines.subList(end, lines.size()).forEach(line -> excerpt.add("    " + cut(line)));
        return excerpt;
    }

    private static String cut(String line) {
        return line.length() <= WIDTH ? line : line.substring(0, WIDTH) + " …";
    }
}
