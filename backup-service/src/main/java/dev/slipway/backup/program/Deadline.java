package dev.slipway.backup.program;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/// Until when something has to be done, by a clock that nobody sets.
public final class Deadline {
    private final Duration total;
    private final long endNanos;

    private Deadline(Duration total, long endNanos) {
        this.total = total;
        this.endNanos = endNanos;
    }

    /// So long from now.
    public static Deadline in(Duration total) {
        return new Deadline(total, System.nanoTime() + total.toNanos());
    }

    /// What this process reads itself: it ends with [LateException] when the time is over.
    public InputStream on(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                requireTime();
                return super.read();
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                requireTime();
                return super.read(to, offset, length);
            }
        };
    }

    private void requireTime() throws LateException {
        if (System.nanoTime() - endNanos > 0) {
            throw new LateException(total);
        }
    }

    /// It was not read to its end in time: this says nothing about what was read.
    public static final class LateException extends IOException {
        private static final long serialVersionUID = 1L;

        private LateException(Duration total) {
            super("not read within " + total);
        }
    }
}
