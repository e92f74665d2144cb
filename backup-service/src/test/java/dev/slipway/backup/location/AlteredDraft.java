package dev.slipway.backup.location;

import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;

/// A draft that gets other bytes than it is given, or gets them later.
///
/// @param good what is written to
/// @param altered from what is given to what is written
public record AlteredDraft(Draft good, UnaryOperator<ByteBuffer> altered) implements Draft {
    @Override
    public void write(ByteBuffer bytes) throws LocationFault {
        good.write(altered.apply(bytes));
    }

    @Override
    public void finish() throws LocationFault {
        good.finish();
    }

    @Override
    public void publish() throws LocationFault {
        good.publish();
    }

    @Override
    public void close() {
        good.close();
    }
}
