package dev.slipway.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why somebody does something, as they give it in a field `reason`: kept for whoever wonders later.
public final class Reasons {
    private static final int LONGEST = 500;

    private Reasons() {}

    /// @param detail what has a reason, in a sentence
    /// @return without blanks around it
    /// @throws Problem 422 that names the field, when nothing is said or too much
    public static String require(@Nullable String given, String detail) {
        if (given == null || given.isBlank() || given.length() > LONGEST) {
            throw Problem.unprocessable(
                    detail, List.of(Fault.at("reason", "must say why, in at most %d characters".formatted(LONGEST))));
        }
        return given.strip();
    }
}
