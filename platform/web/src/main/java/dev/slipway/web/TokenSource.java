package dev.slipway.web;

import java.util.Optional;

/// Knows bearer tokens beside those of the configuration, which are asked first.
public interface TokenSource {
    /// Whose token this is; empty when it is none of this source's. Must not block.
    ///
    /// @throws Problem 401 for a token that was valid once, with why it is no more; 503 when nobody can tell now
    Optional<Caller> callerWith(String presented);
}
