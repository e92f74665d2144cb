package dev.slipway.eventing;

import dev.slipway.audit.Cause;
import dev.slipway.eventing.WorkQueue.Claim;
import dev.slipway.telemetry.Traces;
import io.opentelemetry.api.trace.SpanKind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/// Claims due work and runs it: by its own threads in a service, by hand in a test ([#runDue]).
public final class WorkRunner {
    private static final Logger LOG = Logger.getLogger(WorkRunner.class);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

    private final Jdbi jdbi;
    private final WorkQueue queue;
    private final Clock clock;
    private final String owner;
    private final Duration lease;
    private final Map<String, WorkHandler> handlers;
    private final Set<Claim> running = ConcurrentHashMap.newKeySet();

    /// @param owner this process, for people who look at the table
    /// @param lease how long a claim holds without a sign of life
    public WorkRunner(
            Jdbi jdbi, WorkQueue queue, Clock clock, String owner, Duration lease, List<WorkHandler> handlers) {
        this.jdbi = jdbi;
        this.queue = queue;
        this.clock = clock;
        this.owner = owner;
        this.lease = lease;
        this.handlers = handlers.stream().collect(Collectors.toUnmodifiableMap(WorkHandler::kind, Function.identity()));
    }

    /// Runs everything that is due, here and now, one after the other. @return how many pieces of work were run
    public int runDue() {
        int ran = 0;
        for (List<Claim> claims = claim(1); !claims.isEmpty(); claims = claim(1)) {
            run(claims.getFirst());
            ran++;
        }
        return ran;
    }

    List<Claim> claim(int most) {
        if (handlers.isEmpty() || most == 0) {
            return List.of();
        }
        List<Claim> claims = queue.claim(jdbi, handlers.keySet(), owner, lease, most);
        running.addAll(claims);
        return claims;
    }

    int running() {
        return running.size();
    }

    void run(Claim claim) {
        WorkItem item = claim.item();
        WorkHandler handler = handlers.get(item.kind());
        String parent = handler.ends() ? claim.traceparent() : null;
        try (Traces.Part part = Traces.begin("work " + item.kind(), SpanKind.INTERNAL, parent);
                Traces.Facts _ = Traces.facts().with("work", item.kind() + " " + item.id())) {
            try {
                Cause.timer(item.kind(), item.id()).bringsAbout(() -> {
                    end(claim, handler.run(item));
                    return null;
                });
            } catch (ClaimLost e) {
                LOG.infof("work lost kind=%s id=%s: somebody else has it", item.kind(), item.id());
            } catch (RuntimeException e) {
                part.failed(e);
                failed(claim, e);
            }
        } finally {
            running.remove(claim);
        }
    }

    private void end(Claim claim, WorkResult result) {
        jdbi.useTransaction(tx -> {
            // First the claim, then the effect: the row lock keeps a new owner out until both are committed.
            Instant again = switch (result) {
                case WorkResult.Done _ -> null;
                case WorkResult.Again later -> later.at();
            };
            if (!queue.end(tx, claim, again, 0, null)) {
                throw new ClaimLost();
            }
            result.effect().accept(tx);
        });
    }

    private void failed(Claim claim, RuntimeException failure) {
        WorkItem item = claim.item();
        LOG.warnf(failure, "work failed kind=%s id=%s attempt=%d", item.kind(), item.id(), item.attempt());
        try {
            Instant again = clock.instant().plus(backOff(item.attempt()));
            jdbi.useTransaction(tx -> queue.end(tx, claim, again, item.attempt(), String.valueOf(failure)));
        } catch (RuntimeException e) {
            LOG.warnf("work kind=%s id=%s waits for its lease to end: %s", item.kind(), item.id(), e.getMessage());
        }
    }

    private static Duration backOff(int attempt) {
        Duration wait = Duration.ofMillis(500L << Math.min(attempt, 10));
        return wait.compareTo(LONGEST_BACK_OFF) < 0 ? wait : LONGEST_BACK_OFF;
    }

    /// Extends the leases of what runs here.
    void heartbeat() {
        if (!running.isEmpty()) {
            jdbi.useHandle(handle -> running.forEach(claim -> queue.extend(handle, claim, lease)));
        }
    }

    /// Lets go of what still runs here, so that the next owner need not wait for the leases to end. The lease stays
    /// visible as an ended one: the next owner asks first.
    void release() {
        jdbi.useHandle(handle -> running.forEach(claim -> queue.extend(handle, claim, Duration.ZERO)));
    }

    private static final class ClaimLost extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
