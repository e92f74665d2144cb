package dev.slipway.web;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps one caller from taking what others need, and from trying what it may not do again and again: 429 with
/// `Retry-After`, before anything else is done. Counted in memory, for each replica by itself.
///
/// A caller is a token that proved to be one; every other request with a token counts for its address. Those without
/// one (webhooks prove themselves by signatures) have a limit by path and address, and none for refusals: many senders
/// share the addresses of a CI, and none of them may shut the others out.
@Singleton
final class RequestLimits {
    /// Right after the look at a body's length.
    private static final int EARLY = 900;

    private static final int MOST_KEYS = 10_000;
    private static final int SECONDS_AT_ONCE = 2;
    private static final String LIMITED = "/api/";

    private final LimitsConfig limits;
    private final Doors doors;
    private final MeterRegistry meters;
    private final Buckets byToken;
    private final Buckets byPath;
    private final Buckets refusals;
    private final List<String> largeBodies;
    private final Known known = new Known(MOST_KEYS);
    private final Map<String, Integer> running = new ConcurrentHashMap<>();

    RequestLimits(LimitsConfig limits, Doors doors, MeterRegistry meters, Clock clock) {
        this.limits = limits;
        this.doors = doors;
        this.meters = meters;
        this.byToken = new Buckets(limits.requests(), limits.requests() * SECONDS_AT_ONCE, MOST_KEYS, clock);
        this.byPath = new Buckets(
                limits.requestsWithoutToken(), limits.requestsWithoutToken() * SECONDS_AT_ONCE, MOST_KEYS, clock);
        this.refusals = new Buckets(limits.refusals() / 60.0, limits.refusals(), MOST_KEYS, clock);
        this.largeBodies = limits.largeBodies().orElse(List.of());
        // From zero on, so that the first refusal is an increase.
        List.of("requests", "requests-without-token", "refusals", "concurrent").forEach(this::refusals);
    }

    void register(@Observes Filters filters) {
        filters.register(this::limit, EARLY);
        filters.register(this::limitBody, EARLY - 1);
    }

    private void limit(RoutingContext context) {
        if (!context.normalizedPath().startsWith(LIMITED)) {
            context.next();
            return;
        }
        String token = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (token == null) {
            String key = context.normalizedPath() + " " + address(context);
            proceed(context, "requests-without-token", byPath.take(key));
        } else {
            limit(context, Base64.getEncoder().encodeToString(Sha256.of(token)));
        }
    }

    /// @param token as it is remembered
    private void limit(RoutingContext context, String token) {
        String caller = known.holds(token) ? token : address(context);
        Duration penalty = refusals.look(caller);
        if (penalty.isPositive()) {
            refuse(context, "refusals", penalty);
            return;
        }
        Duration wait = byToken.take(caller);
        if (wait.isPositive()) {
            refuse(context, "requests", wait);
            return;
        }
        int most = limits.concurrent();
        if (running.merge(caller, 1, Integer::sum) > most && most > 0) {
            leave(caller);
            refuse(context, "concurrent", Duration.ofSeconds(1));
            return;
        }
        context.addEndHandler(_ -> {
            leave(caller);
            remember(context, token, caller);
        });
        context.next();
    }

    private Counter refusals(String limit) {
        return meters.counter("slipway.requests.limited", "limit", limit);
    }

    private void leave(String caller) {
        running.computeIfPresent(caller, (_, count) -> count == 1 ? null : count - 1);
    }

    /// A token is known when somebody was found behind it: what was answered before anybody looked, or without looking,
    /// proves nothing.
    private void remember(RoutingContext context, String token, String caller) {
        int status = context.response().getStatusCode();
        if (status == 401) {
            known.remove(token);
            refusals.take(caller);
            return;
        }
        if (context.user() != null) {
            known.add(token);
        }
        if (status == 403) {
            refusals.take(known.holds(token) ? token : caller);
        }
    }

    private void proceed(RoutingContext context, String limit, Duration wait) {
        if (wait.isPositive()) {
            refuse(context, limit, wait);
        } else {
            context.next();
        }
    }

    private void refuse(RoutingContext context, String limit, Duration wait) {
        refusals(limit).increment();
        long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
        doors.answer(
                context,
                Problem.of(
                                429,
                                "too-many-requests",
                                "Too many requests",
                                "The limit slipway.limits.%s is reached; there is room again in %d s."
                                        .formatted(limit, seconds),
                                Map.of("limit", limit))
                        .withHeader("Retry-After", Long.toString(seconds)));
    }

    private void limitBody(RoutingContext context) {
        long largest = limits.body().asLongValue();
        boolean large = largeBodies.stream().anyMatch(context.normalizedPath()::startsWith);
        if (large || largest == 0) {
            context.next();
        } else if (Doors.announcedLength(context) > largest) {
            doors.answer(context, Problem.tooLarge(largest));
        } else {
            context.put(LimitedBodies.LIMIT, largest);
            context.next();
        }
    }

    private static String address(RoutingContext context) {
        return context.request().remoteAddress() == null
                ? "unknown"
                : String.valueOf(context.request().remoteAddress().hostAddress());
    }
}
