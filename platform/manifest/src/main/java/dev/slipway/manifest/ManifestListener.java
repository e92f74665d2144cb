package dev.slipway.manifest;

import org.jdbi.v3.core.Handle;

/// Hears of a manifest that becomes the current one, in the transaction in which it does. CDI beans of this type are
/// found by themselves.
public interface ManifestListener<T> {
    /// Called when the current version changes, also when it changes back to an earlier one; not for a dry run, nor
    /// when the same manifest is put again. An exception undoes the change.
    void accepted(Handle tx, StoredManifest<T> manifest);
}
