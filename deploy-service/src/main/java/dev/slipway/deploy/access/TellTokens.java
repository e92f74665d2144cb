package dev.slipway.deploy.access;

import dev.slipway.access.TokenUses;
import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.events.TokenUsed;
import jakarta.inject.Singleton;
import org.jdbi.v3.core.Handle;

/// Tells every service what is true of a token now, and that it is to be forgotten when its time is over.
@Singleton
final class TellTokens {
    /// Due work: the token's time is over.
    static final String END = "token-end";

    private final EventWriter events;
    private final WorkQueue work;
    private final TokenUses uses;

    TellTokens(EventWriter events, WorkQueue work, TokenUses uses) {
        this.events = events;
        this.work = work;
        this.uses = uses;
    }

    void changed(Handle tx, AccessToken token) {
        String id = token.id().toString();
        events.write(tx, id, id, token.id(), token.said());
        work.schedule(tx, END, id, token.expiresAt());
    }

    void ended(Handle tx, AccessToken token) {
        String id = token.id().toString();
        events.forget(tx, id, id, token.id(), token.said());
        for (String key : uses.keysOf(token.id())) {
            events.forget(tx, key, id, token.id(), new TokenUsed(token.id(), "", ""));
        }
    }
}
