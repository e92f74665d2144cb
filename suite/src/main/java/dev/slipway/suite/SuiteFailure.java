package dev.slipway.suite;

/// The suite, or a part of it, cannot do what was asked. The message is for the person at the terminal: what went
/// wrong, what it was about (a port, a file, the end of a log) and, where there is something, what to do.
public final class SuiteFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SuiteFailure(String message) {
        super(message);
    }

    public SuiteFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
