package dev.slipway.deploy.webhook;

import dev.slipway.eventing.Prunable;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Handle;

/// How long is kept what CI delivered: the bodies for a short time, the ids for as long as one may come again.
final class DeliveryRetention {
    /// A sender repeats by hand what is some days old.
    private static final Duration REPEATED_FOR = Duration.ofDays(7);

    private DeliveryRetention() {}

    @Singleton
    static final class Bodies implements Prunable {
        private final Duration keep;

        Bodies(@ConfigProperty(name = "slipway.retention.delivery-bodies") Duration keep) {
            this.keep = keep;
        }

        @Override
        public String table() {
            return "delivery_body";
        }

        @Override
        public int prune(Handle owner, Instant now, int most) {
            return owner.createUpdate("""
                            delete from delivery_body using (
                                select body.delivery, delivery.received_at
                                from delivery_body body left join delivery on delivery.id = body.delivery
                                order by body.delivery limit :most) as oldest
                            where delivery_body.delivery = oldest.delivery
                              and (oldest.received_at is null or oldest.received_at < :before)""")
                    .bind("most", most)
                    .bind("before", now.minus(keep))
                    .execute();
        }
    }

    @Singleton
    static final class Ids implements Prunable {
        private final Duration keep;

        Ids(
                @ConfigProperty(name = "slipway.retention.deliveries") Duration keep,
                @ConfigProperty(name = "slipway.retention.delivery-bodies") Duration bodies) {
            if (keep.compareTo(REPEATED_FOR) < 0 || keep.compareTo(bodies) < 0) {
                throw new IllegalStateException(
                        "slipway.retention.deliveries is %s: at least %s, and no less than their bodies are kept (%s)"
                                .formatted(keep, REPEATED_FOR, bodies));
            }
            this.keep = keep;
        }

        @Override
        public String table() {
            return "delivery";
        }

        /// One that was repeated stays for as long as its repetition does.
        @Override
        public int prune(Handle owner, Instant now, int most) {
            return owner.createUpdate("""
                            delete from delivery where id in (
                                select id from delivery old
                                where received_at < :before
                                  and not exists (select from delivery again where again.repeats = old.id)
                                  and not exists (select from delivery_body body where body.delivery = old.id)
                                order by received_at limit :most)""")
                    .bind("most", most)
                    .bind("before", now.minus(keep))
                    .execute();
        }
    }
}
