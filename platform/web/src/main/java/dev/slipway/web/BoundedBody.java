package dev.slipway.web;

import java.io.IOException;
import java.io.InputStream;

/// Reads a body of which only so much is wanted, without ever holding more than that.
public final class BoundedBody {
    private BoundedBody() {}

    /// The whole body, as it came.
    ///
    /// @param body the resource's `InputStream` parameter
    /// @param limitBytes the most it may have
    /// @throws Problem 413 when it has more; 400 when it ends early
    public static byte[] read(InputStream body, int limitBytes) {
        try {
            byte[] bytes = body.readNBytes(limitBytes);
            if (bytes.length == limitBytes && body.read() >= 0) {
                throw Problem.tooLarge(limitBytes);
            }
            return bytes;
        } catch (IOException _) {
            throw Problem.badRequest("The body could not be read to its end.");
        }
    }
}
