package dev.slipway.events;

/// A record that cannot be an event of ours; the message says which field and why. Trying again does not help.
public final class UnreadableEvent extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnreadableEvent(String message) {
        super(message);
    }
}
