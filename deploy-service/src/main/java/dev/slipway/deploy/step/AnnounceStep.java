package dev.slipway.deploy.step;

import dev.slipway.deploy.plan.StepKind;
import dev.slipway.events.NoticeDelivered;
import dev.slipway.events.NoticeFailed;
import dev.slipway.events.NoticeRequested;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Word to people before anything changes. Done when every message was accepted by its receiver.
@Singleton
final class AnnounceStep implements StepHandler {
    @Override
    public Set<StepKind> kinds() {
        return Set.of(StepKind.ANNOUNCE);
    }

    @Override
    public StepResult run(StepContext context) {
        if (context.step().askedAt() == null) {
            return StepResult.asked(context, "waits until the notice is delivered", request(context));
        }
        return switch (context.step().answer()) {
            case NoticeDelivered delivered ->
                StepResult.done(
                        "%d messages delivered".formatted(delivered.messages().size()));
            case NoticeFailed failed -> StepResult.broke("the notice was not delivered: " + failed.reason());
            case null, default -> StepResult.waits(context, "waits until the notice is delivered");
        };
    }

    private static NoticeRequested request(StepContext context) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put(
                "current",
                context.previous() == null ? "none" : context.previous().version());
        return new NoticeRequested(
                context.step().id(),
                context.release().ref(),
                context.environment().announce().situation(),
                details,
                context.deadline());
    }
}
