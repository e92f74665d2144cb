package dev.slipway.deploy.webhook;

import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Takes what GitHub delivers: reads it with the application's webhook, which proves who sent it, and has
/// it kept. None of the threads that call this waits.
@Singleton
final class ReceiveDelivery {
    private final Hooks hooks;
    private final Intake intake;

    ReceiveDelivery(Hooks hooks, Intake intake) {
        this.hooks = hooks;
        this.intake = intake;
    }

    /// @return what the sender is told, once it is on disk; the same for a delivery that is repeated.
    /// Failed with a [Problem] when it was refused, whatever the reason (the sender does not learn it),
    /// when its id was taken by another body, or when it cannot be kept now
    CompletionStage<Delivery> receive(Incoming incoming) {
        Optional<Hook> hook = hooks.remembered(incoming.application());
        // Some kilobytes are hashed while the next connection waits; more of it, or the database, is waited for
        // elsewhere.
        if (hook.isPresent() && incoming.body().length <= BodyRoom.SMALL) {
            return intake.keep(read(incoming, hook.get()));
        }
        return CompletableFuture.supplyAsync(
                        () -> read(incoming, hook.orElseGet(() -> hooks.look(incoming.application()))),
                        task -> Thread.ofVirtual().name("delivery").start(task))
                .thenCompose(intake::keep);
    }

    private static Read read(Incoming incoming, Hook hook) {
        return new Read(incoming, hook.version(), hook.read(incoming));
    }
}
