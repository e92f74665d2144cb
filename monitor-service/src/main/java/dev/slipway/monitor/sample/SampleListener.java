package dev.slipway.monitor.sample;

import org.jdbi.v3.core.Handle;

/// Hears of every sample, in the transaction that appends it.
public interface SampleListener {
    void sampled(Handle tx, String environment);

    /// Whether somebody waits for samples of this environment, also when the manifest no longer says where to
    /// get them.
    boolean isWaiting(Handle handle, String environment);
}
