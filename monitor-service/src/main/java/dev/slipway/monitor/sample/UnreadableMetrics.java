package dev.slipway.monitor.sample;

/// A page that is not what a metrics page must be; the message says where and why.
final class UnreadableMetrics extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableMetrics(String message) {
        super(message);
    }
}
