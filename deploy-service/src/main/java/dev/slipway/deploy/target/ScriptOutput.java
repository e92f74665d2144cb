package dev.slipway.deploy.target;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;

/// Collects what a command writes, line by line: masked, and bounded to the first and the last lines, because a
/// failure's reason stands at the end and what was done at the start. Bytes that are no UTF-8 become replacement
/// characters.
final class ScriptOutput {
    static final int FIRST_LINES = 200;
    static final int LAST_LINES = 800;
    static final int LINE_CHARS = 2_000;

    /// More than is kept of a line is read of it, so that a secret across the cut is masked before it is cut.
    private static final int LINE_BYTES = 16_000;

    private final UnaryOperator<String> mask;
    private final List<String> first = new ArrayList<>();
    private final Deque<String> last = new ArrayDeque<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean lineBegun;
    private long leftOut;

    ScriptOutput(UnaryOperator<String> mask) {
        this.mask = mask;
    }

    void append(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                endLine();
            } else {
                lineBegun = true;
                if (line.size() < LINE_BYTES) {
                    line.write(bytes[i]);
                }
            }
        }
    }

    /// Lines so far; one that has not ended yet counts as the last.
    List<String> lines() {
        List<String> lines = new ArrayList<>(first);
        if (leftOut > 0) {
            lines.add("… %d lines left out …".formatted(leftOut));
        }
        lines.addAll(last);
        if (lineBegun) {
            lines.add(masked());
        }
        return List.copyOf(lines);
    }

    private void endLine() {
        String ended = masked();
        line.reset();
        lineBegun = false;
        if (first.size() < FIRST_LINES) {
            first.add(ended);
            return;
        }
        last.add(ended);
        if (last.size() > LAST_LINES) {
            last.remove();
            leftOut++;
        }
    }

    private String masked() {
        String text = line.toString(StandardCharsets.UTF_8);
        String masked = mask.apply(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
        return masked.length() <= LINE_CHARS ? masked : masked.substring(0, LINE_CHARS) + " …";
    }
}
