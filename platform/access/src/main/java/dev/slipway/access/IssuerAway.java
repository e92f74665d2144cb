package dev.slipway.access;

import dev.slipway.web.Problem;
import io.quarkus.oidc.OIDCException;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// An issuer that cannot be asked for its keys is nobody's mistake who shows its token.
final class IssuerAway {
    private static final Logger LOG = Logger.getLogger(IssuerAway.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    @ServerExceptionMapper
    Response away(OIDCException e) {
        LOG.warnf("event=issuer_away reason=\"%s\"", e.getMessage());
        return Problem.unavailable("The issuer of this token cannot be asked for its keys.", RETRY_AFTER)
                .answer();
    }
}
