package dev.slipway.web;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// One thing that is wrong with what somebody sent.
///
/// @param path where in the document, `environments[1].gates.soak`; empty for the document as a whole
/// @param message what is wrong and, where it can be said, what would be right; never a secret's value
/// @param line counted from 1; absent where the source has no lines
/// @param column counted from 1; absent where the source has no lines
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Fault(
        String path,
        String message,
        @Nullable Integer line,
        @Nullable Integer column) {
    public Fault {
        requireNonNull(path, "path");
        requireNonNull(message, "message");
    }

    /// A fault of something that has no lines, such as a query parameter.
    public static Fault at(String path, String message) {
        return new Fault(path, message, null, null);
    }

    @Override
    public String toString() {
        String where = path.isEmpty() ? "" : path + ": ";
        return line == null ? where + message : "%s%s (line %d, column %d)".formatted(where, message, line, column);
    }
}
