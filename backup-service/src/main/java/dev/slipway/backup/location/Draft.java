package dev.slipway.backup.location;

import java.nio.ByteBuffer;

/// A file on its way to a location. Closed before it was published it leaves nothing.
///
/// Used by one thread at a time.
public interface Draft extends AutoCloseable {
    /// Adds bytes.
    void write(ByteBuffer bytes) throws LocationFault;

    /// Ends the writing: every byte is where a crash does not reach it, still without the final name.
    void finish() throws LocationFault;

    /// Gives the finished file its final name, over one that is there.
    void publish() throws LocationFault;

    /// Removes what was not published; does nothing else. Never throws: what stays behind is found by
    /// [Location#removeDrafts].
    @Override
    void close();
}
