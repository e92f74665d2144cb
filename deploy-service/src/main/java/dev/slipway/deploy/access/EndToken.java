package dev.slipway.deploy.access;

import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkResult;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/// A token's time is over: its name is free, and no service needs to know it any more.
@Singleton
final class EndToken implements WorkHandler {
    private final Jdbi jdbi;
    private final AccessTokens tokens;
    private final TellTokens tell;
    private final Clock clock;

    EndToken(Jdbi jdbi, AccessTokens tokens, TellTokens tell, Clock clock) {
        this.jdbi = jdbi;
        this.tokens = tokens;
        this.tell = tell;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return TellTokens.END;
    }

    @Override
    public WorkResult run(WorkItem item) {
        UUID id = UUID.fromString(item.id());
        AccessToken token = jdbi.withHandle(handle -> tokens.find(handle, id)).orElse(null);
        if (token == null) {
            return WorkResult.done(_ -> {});
        }
        if (clock.instant().isBefore(token.expiresAt())) {
            return WorkResult.again(token.expiresAt(), _ -> {});
        }
        return WorkResult.done(tx -> {
            tokens.end(tx, id);
            tell.ended(tx, token);
        });
    }
}
