package dev.slipway.deploy.webhook;

import static java.time.temporal.ChronoUnit.MICROS;
import static java.util.Objects.requireNonNull;

import dev.slipway.deploy.webhook.Deliveries.First;
import dev.slipway.deploy.webhook.Deliveries.Key;
import dev.slipway.deploy.webhook.Deliveries.Row;
import dev.slipway.deploy.webhook.Reading.Refused;
import dev.slipway.eventing.Ids;
import dev.slipway.web.Problem;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A delivery while it is being kept: what came, and by and by what becomes of it.
final class Entry {
    private final Read read;
    private final UUID id;
    private final String bodyHash;
    private @Nullable Delivery kept;
    private @Nullable Delivery told;
    private @Nullable Problem denied;
    private boolean keepsBody = true;

    Entry(Read read, Clock clock) {
        this.read = read;
        this.id = Ids.next(clock);
        this.bodyHash = read.incoming().bodyHash();
    }

    /// What the sender is told once the commit is done: the delivery, or why it was not taken.
    record Told(@Nullable Delivery delivery, @Nullable Problem denied) {}

    Incoming incoming() {
        return read.incoming();
    }

    Reading reading() {
        return read.reading();
    }

    boolean genuine() {
        return !(read.reading() instanceof Refused);
    }

    Key key() {
        return new Key(incoming().application(), incoming().delivery());
    }

    void refuse(Refused refused) {
        kept = delivery(Verdict.REFUSED, refused.reason(), null, null);
        keepsBody = false;
        denied = wrongSignature();
    }

    /// What a sender is told whom nobody knows, whatever the reason.
    static Problem wrongSignature() {
        return Problem.unauthorized(
                "wrong-signature", "The delivery's signature was not made with this webhook's secret.");
    }

    void take(Verdict verdict, String reason, @Nullable UUID candidate) {
        kept = delivery(verdict, Incoming.clean(reason), candidate, null);
        told = kept;
    }

    /// Whoever repeats gets the same answer; whoever says something else under the same id is told so.
    void repeat(First first) {
        Delivery before = first.delivery();
        if (first.bodyHash().equals(bodyHash)) {
            kept = delivery(Verdict.DUPLICATE, "this delivery was taken before", before.candidate(), before.id());
            keepsBody = false;
            told = before;
        } else {
            String reason = "this delivery was taken before with another body";
            kept = delivery(Verdict.ALTERED, reason, before.candidate(), before.id());
            denied = Problem.conflict(
                    "delivery-altered",
                    "X-GitHub-Delivery: the delivery '%s' was taken before with another body."
                            .formatted(before.deliveryId()),
                    Map.of("first", before.id()));
        }
    }

    First asFirst() {
        return new First(kept(), bodyHash);
    }

    Delivery kept() {
        return requireNonNull(kept, "nothing was concluded about a delivery");
    }

    Told told() {
        return new Told(told, denied);
    }

    Row row() {
        return new Row(kept(), bodyHash, keepsBody ? incoming().body() : null);
    }

    private Delivery delivery(Verdict verdict, String reason, @Nullable UUID candidate, @Nullable UUID repeats) {
        return new Delivery(
                id,
                incoming().application(),
                GitHubReader.PROVIDER,
                incoming().delivery(),
                incoming().event(),
                genuine(),
                verdict.tag(),
                reason,
                candidate,
                repeats,
                incoming().at().truncatedTo(MICROS));
    }
}
