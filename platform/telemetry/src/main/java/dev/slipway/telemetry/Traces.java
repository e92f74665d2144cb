package dev.slipway.telemetry;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/// Carries a trace over the places where a thread ends: rows and records hold its context (W3C `traceparent`), and what
/// acts on them goes on in it. Without a tracer all of this is nothing.
///
/// The same facts that a span gets as attributes stand with every log line of it (MDC).
public final class Traces {
    /// Name of the record header.
    public static final String HEADER = "traceparent";

    /// Names of facts, in spans with `slipway.` before them.
    public static final String CHAIN = "chain";

    public static final String APPLICATION = "application";
    public static final String RELEASE = "release";
    public static final String EVENT = "event_id";

    private static final Pattern TRACEPARENT = Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

    private Traces() {}

    /// What a row written now is to hold; null when nobody traces.
    public static @Nullable String current() {
        return traceparent(Span.current().getSpanContext());
    }

    private static @Nullable String traceparent(SpanContext span) {
        return span.isValid()
                ? "00-%s-%s-%s"
                        .formatted(
                                span.getTraceId(),
                                span.getSpanId(),
                                span.getTraceFlags().asHex())
                : null;
    }

    /// Does something as a part of the trace of a row. What is no context counts as none.
    public static void within(@Nullable String traceparent, Runnable what) {
        try (Scope _ = context(traceparent).makeCurrent()) {
            what.run();
        }
    }

    /// Begins a span under that of a row; it is the current one until it is closed.
    public static Part begin(String name, SpanKind kind, @Nullable String parent) {
        Span span = GlobalOpenTelemetry.getTracer("dev.slipway")
                .spanBuilder(name)
                .setSpanKind(kind)
                .setParent(context(parent))
                .startSpan();
        return new Part(span);
    }

    /// Adds a fact to the current span, and to the log lines until the [Facts] are closed.
    public static Facts facts() {
        return new Facts();
    }

    private static Context context(@Nullable String traceparent) {
        Matcher parts = TRACEPARENT.matcher(traceparent == null ? "" : traceparent);
        if (!parts.matches()) {
            return Context.root();
        }
        // An id of zeros makes it invalid, and an invalid one is no parent.
        SpanContext span = SpanContext.createFromRemoteParent(
                parts.group(1), parts.group(2), TraceFlags.fromHex(parts.group(3), 0), TraceState.getDefault());
        return Context.root().with(Span.wrap(span));
    }

    /// Of a record's header: null when it is no context.
    public static @Nullable String valid(@Nullable String traceparent) {
        return traceparent(Span.fromContext(context(traceparent)).getSpanContext());
    }

    /// Facts that stand with every log line until they are closed; then what stood there before does again.
    public static final class Facts implements AutoCloseable {
        private final Map<String, Object> before = new HashMap<>();
        private final List<String> names = new ArrayList<>();

        private Facts() {}

        public Facts with(String name, Object value) {
            Object old = MDC.get(name);
            if (old != null) {
                before.putIfAbsent(name, old);
            }
            names.add(name);
            MDC.put(name, value.toString());
            Span.current().setAttribute("slipway." + name, value.toString());
            return this;
        }

        @Override
        public void close() {
            names.forEach(MDC::remove);
            before.forEach(MDC::put);
        }
    }

    /// A span that is current.
    public static final class Part implements AutoCloseable {
        private final Span span;
        private final Scope scope;

        @SuppressWarnings("MustBeClosedChecker") // close() ends the scope, with the span
        private Part(Span span) {
            this.span = span;
            this.scope = span.makeCurrent();
        }

        /// Marks it as failed; the failure itself is told in the log.
        public void failed(Throwable failure) {
            span.setStatus(StatusCode.ERROR, failure.getClass().getSimpleName());
        }

        @Override
        public void close() {
            scope.close();
            span.end();
        }
    }
}
