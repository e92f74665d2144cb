package dev.slipway.web;

import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Stops reading a body where its path's limit is, also when nobody said how long it would be.
@Provider
final class LimitedBodies implements ReaderInterceptor {
    /// Where [RequestLimits] leaves a request's limit, in bytes.
    static final String LIMIT = "slipway.largest-body";

    private final RoutingContext routing;

    LimitedBodies(RoutingContext routing) {
        this.routing = routing;
    }

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        Long limit = routing.get(LIMIT);
        if (limit != null && context.getInputStream() != null) {
            context.setInputStream(new Limited(context.getInputStream(), limit));
        }
        try {
            return context.proceed();
        } catch (OverLimit _) {
            throw Problem.tooLarge(limit);
        }
    }

    /// Whoever reads a body passes on what its stream throws, as long as that is one of these.
    private static final class OverLimit extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private static final class Limited extends FilterInputStream {
        private long left;

        Limited(InputStream in, long limit) {
            super(in);
            this.left = limit;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            if (read >= 0) {
                count(1);
            }
            return read;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = super.read(bytes, from, length);
            if (read > 0) {
                count(read);
            }
            return read;
        }

        private void count(int read) throws OverLimit {
            left -= read;
            if (left < 0) {
                throw new OverLimit();
            }
        }
    }
}
