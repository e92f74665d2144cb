package dev.slipway.demo.story;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.ci.Ci;
import dev.slipway.demo.ci.Delivery;
import java.time.Duration;

/// Deliveries that must change nothing: one that came before, and one that GitHub never signed.
public final class RepeatDeliveries {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Walk walk;

    public RepeatDeliveries(Walk walk) {
        this.walk = walk;
    }

    public void sendAgain(Walk.Built built) {
        Http.Answer answer = walk.services().deliver(built.delivery());
        walk.require(answer.ok(), "the repeated delivery was answered by " + answer.inWords());
        for (String environment : new String[] {Stage.STAGING, Stage.PRODUCTION}) {
            int releases = walk.services().releases(environment, built.commit()).size();
            walk.require(releases == 1, "%d releases of one candidate to %s".formatted(releases, environment));
        }
        listed(built.delivery(), "duplicate");
        walk.narrator()
                .observed(
                        "%s's delivery posted twice: one candidate, one release in each environment"
                                .formatted(built.build().name()),
                        "REST, deploy-service");
    }

    public void forge() {
        Ci.Build never = walk.stage().ci().build("never", 3, 2);
        Delivery forged = walk.stage().ci().forged(never, People.REQUESTER_LOGIN);
        Http.Answer answer = walk.services().deliver(forged);
        walk.require(answer.status() == 401, "the forged delivery was answered by " + answer.inWords());
        listed(forged, "refused");
        walk.require(
                walk.services().releases(Stage.STAGING, never.commit()).isEmpty(), "a forged delivery made a release");
        walk.narrator()
                .observed(
                        "a delivery with a wrong signature got 401 and changed nothing; it is listed",
                        "REST, deploy-service");
    }

    private JsonNode listed(Delivery delivery, String verdict) {
        return walk.patience()
                .await(
                        "delivery %s listed as %s".formatted(delivery.id(), verdict),
                        SOON,
                        () -> walk.services().delivery(delivery.id(), verdict),
                        () -> walk.services().deliveries().toString());
    }
}
