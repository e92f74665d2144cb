package dev.slipway.outbound;

import java.io.IOException;

/// An answer was larger than its caller takes; it was given up.
public final class AnswerTooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    AnswerTooLarge(int limitBytes) {
        super("the answer has more than %d bytes".formatted(limitBytes));
    }
}
