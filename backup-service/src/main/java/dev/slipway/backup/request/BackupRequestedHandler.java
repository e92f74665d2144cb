package dev.slipway.backup.request;

import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.eventing.EventHandler;
import dev.slipway.eventing.Handled;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.events.BackupRequested;
import dev.slipway.events.Event;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jdbi.v3.core.Handle;

/// Keeps what was asked for; [AnswerRequest] does the rest. The same request asked again changes nothing.
@Singleton
final class BackupRequestedHandler implements EventHandler<BackupRequested> {
    private final Requests requests;
    private final WorkQueue queue;
    private final Clock clock;

    BackupRequestedHandler(Requests requests, WorkQueue queue, Clock clock) {
        this.requests = requests;
        this.queue = queue;
        this.clock = clock;
    }

    @Override
    public Class<BackupRequested> type() {
        return BackupRequested.class;
    }

    @Override
    public Handled handle(Handle tx, Event<BackupRequested> event) {
        BackupRequested asked = event.data();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Instant oldest = now.minus(asked.maxAge());
        Instant notBefore = asked.notBefore();
        BackupRequest request = new BackupRequest(
                asked.requestId(),
                new DatabaseKey(asked.release().application(), asked.database()),
                asked.release().manifest(),
                asked.release().id(),
                event.chainId(),
                notBefore == null || notBefore.isBefore(oldest) ? oldest : notBefore,
                asked.locations(),
                asked.proof(),
                now,
                asked.deadline(),
                null);
        if (!requests.add(tx, request)) {
            return Handled.ignored("the request is known");
        }
        queue.schedule(tx, AnswerRequest.KIND, request.id().toString(), now);
        return Handled.applied();
    }
}
