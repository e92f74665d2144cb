package dev.slipway.deploy.target;

/// A script that may not run, or cannot: nothing was started.
final class ScriptRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    ScriptRefused(String reason) {
        super(reason);
    }
}
