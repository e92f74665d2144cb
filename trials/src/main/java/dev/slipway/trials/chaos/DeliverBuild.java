package dev.slipway.trials.chaos;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.ci.Ci;
import dev.slipway.demo.ci.Delivery;
import dev.slipway.events.Catalogue;
import dev.slipway.suite.process.Deadline;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Delivers a webhook the way people who redeliver do: the same delivery again until somebody accepts it,
/// and at times once more after that.
final class DeliverBuild {
    private static final Duration AGAIN = Duration.ofMillis(1_500);

    private final Ground ground;
    private final Rest rest;
    private final Clock clock;
    private final Journal journal;

    DeliverBuild(Ground ground, Clock clock, Journal journal) {
        this.ground = ground;
        this.rest = ground.rest();
        this.clock = clock;
        this.journal = journal;
    }

    /// @param deadline after it nobody tries any more
    /// @return the commit; null when nobody accepted it
    String deliver(Ask.Push push, Deadline deadline) throws IOException {
        Ci.Build build = ground.builds().build(push.application(), push.build(), push.kind());
        Delivery delivery = ground.builds().delivery(push.application(), build);
        ObjectNode line = Journal.line()
                .put("delivery", delivery.id().toString())
                .put("application", push.application())
                .put("build", push.build())
                .put("commit", build.commit())
                .put("kind", push.kind().name())
                .put("cancel", push.cancel() != null);
        ArrayNode attempts = line.putArray("attempts");
        boolean accepted = false;
        for (int further = push.repeats(); !deadline.passed() && (!accepted || further-- > 0); ) {
            Rest.Answer answer = rest.ask(Catalogue.DEPLOY, base -> request(delivery, push.application(), base));
            attempts.add(clock.instant() + " " + answer.words());
            if (answer.ok() && !accepted) {
                accepted = true;
                line.put("acceptedAt", clock.instant().toString());
            }
            if (!accepted || further > 0) {
                LockSupport.parkNanos(AGAIN.toNanos());
            }
        }
        journal.write(line);
        return accepted ? build.commit() : null;
    }

    private static HttpRequest.Builder request(Delivery delivery, String application, URI base) {
        HttpRequest request = delivery.to(base.resolve("/api/v1/webhooks/github/" + application));
        return HttpRequest.newBuilder(request, (_, _) -> true);
    }
}
