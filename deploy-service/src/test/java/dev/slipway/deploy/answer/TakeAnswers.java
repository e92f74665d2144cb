package dev.slipway.deploy.answer;

import dev.slipway.deploy.gate.GateBeans;
import dev.slipway.deploy.release.ReleaseBeans;
import dev.slipway.eventing.EventHandler;
import dev.slipway.eventing.Ids;
import dev.slipway.events.Event;
import dev.slipway.events.EventData;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The beans of this package, put together by hand.
public final class TakeAnswers {
    private TakeAnswers() {}

    public static TakeAnswer of(Clock clock, ReleaseBeans beans, GateBeans gates) {
        return new TakeAnswer(
                beans.releases, beans.steps, gates.backupAnswer, beans.signals, beans.history, beans.work, clock);
    }

    /// All there are.
    public static List<EventHandler<?>> handlers(TakeAnswer answers) {
        return List.of(
                new AnswerHandlers.OnBackupVerified(answers),
                new AnswerHandlers.OnBackupFailed(answers),
                new AnswerHandlers.OnNoticeDelivered(answers),
                new AnswerHandlers.OnNoticeFailed(answers),
                new AnswerHandlers.OnWatchStepPassed(answers),
                new AnswerHandlers.OnWatchHeld(answers),
                new AnswerHandlers.OnRollbackRequested(answers),
                new AnswerHandlers.OnWatchFinished(answers));
    }

    /// Gives an event to the handler of its type.
    @SuppressWarnings("unchecked")
    public static void take(TakeAnswer answers, Handle tx, EventData data) {
        EventHandler<EventData> handler = (EventHandler<EventData>) handlers(answers).stream()
                .filter(candidate -> candidate.type().equals(data.getClass()))
                .findFirst()
                .orElseThrow();
        handler.handle(
                tx,
                new Event<>(
                        Ids.next(Clock.systemUTC()),
                        "/slipway/test",
                        "subject",
                        Clock.systemUTC().instant(),
                        UUID.randomUUID(),
                        data));
    }
}
