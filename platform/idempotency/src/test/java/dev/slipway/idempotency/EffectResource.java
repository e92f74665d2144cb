package dev.slipway.idempotency;

import dev.slipway.audit.Transactions;
import dev.slipway.testkit.TestClock;
import dev.slipway.web.Problem;
import io.agroal.api.AgroalDataSource;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Something that has an effect, and ends as its caller wants.
@Path("/api/v1/effects")
@RolesAllowed("operator")
@RunOnVirtualThread
public final class EffectResource {
    static final TestClock CLOCK = TestClock.at("2026-03-01T10:00:00Z");
    static final AtomicInteger CALLS = new AtomicInteger();
    static volatile CountDownLatch begun = new CountDownLatch(0);
    static volatile CountDownLatch mayEnd = new CountDownLatch(0);

    private final Jdbi jdbi;

    EffectResource(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Singleton
    static final class Beans {
        @Produces
        @Singleton
        Jdbi jdbi(AgroalDataSource database, Transactions transactions) {
            return transactions.of(Jdbi.create(database));
        }

        @Produces
        @Singleton
        Clock clock() {
            return CLOCK;
        }
    }

    public record Wish(@Nullable String name) {}

    public record Made(String name, int call) {}

    @POST
    @Path("{end}")
    public Response make(@PathParam("end") String end, Wish wish) throws InterruptedException {
        int call = CALLS.incrementAndGet();
        begun.countDown();
        if (!mayEnd.await(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("nobody let it end");
        }
        if (end.equals("fault-before")) {
            throw new IllegalStateException("before the effect");
        }
        if (end.equals("too-soon")) {
            throw Problem.of(429, "too-many-requests", "Too many requests", "call " + call, Map.of());
        }
        jdbi.useTransaction(tx -> tx.execute("insert into effect values (?)", wish.name()));
        return switch (end) {
            case "refused" -> throw Problem.conflict("not-now", "call " + call, Map.of());
            case "fault-after" -> throw new IllegalStateException("after the effect");
            case "secret" ->
                Response.status(201)
                        .entity(new Made("the secret", call))
                        .header("Cache-Control", "no-store")
                        .build();
            case "nothing" -> Response.noContent().build();
            default ->
                Response.created(URI.create("/api/v1/effects/" + call))
                        .entity(new Made(String.valueOf(wish.name()), call))
                        .build();
        };
    }
}
