package dev.slipway.web;

import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;

/// An endpoint that takes a body gets one: an empty body, or a JSON `null`, is refused here instead of arriving as
/// null.
@Provider
final class EmptyBodies implements ReaderInterceptor {
    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        Object body = context.proceed();
        if (body == null) {
            throw Problem.badRequest("The body is empty.");
        }
        return body;
    }
}
