package dev.slipway.web;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/// How much one caller may do in one replica. 0 takes a limit away.
@ConfigMapping(prefix = "slipway.limits")
interface LimitsConfig {
    /// Requests of one token in a second, on average.
    @WithDefault("500")
    int requests();

    /// Requests of one address to one path in a second, where there is no token: webhooks.
    @WithDefault("20000")
    int requestsWithoutToken();

    /// Answers 401 and 403 that one token collects in a minute; an address, where nobody knows the token.
    @WithDefault("120")
    int refusals();

    /// Requests of one token at once.
    @WithDefault("100")
    int concurrent();

    /// The largest body, unless an endpoint takes less.
    @WithDefault("2M")
    MemorySize body();

    /// Paths that take bodies up to `quarkus.http.limits.max-body-size`, by their beginning.
    Optional<List<String>> largeBodies();
}
