package dev.slipway.outbound;

import java.io.IOException;

/// A request may not go where it was to go; nothing was sent. Trying again does not help, a setting may.
public final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String reason) {
        super(reason);
    }
}
