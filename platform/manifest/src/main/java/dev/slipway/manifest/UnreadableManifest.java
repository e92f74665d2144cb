package dev.slipway.manifest;

/// A stored manifest that this version of the service refuses, although an earlier one accepted it. Putting it again
/// says what is wrong with it.
public final class UnreadableManifest extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableManifest(String message) {
        super(message);
    }
}
