package dev.slipway.web;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who may call, from configuration: `slipway.access.tokens[0].name`, in the environment
/// `SLIPWAY_ACCESS_TOKENS_0__NAME`.
@ConfigMapping(prefix = "slipway.access")
public interface AccessConfig {
    List<Token> tokens();

    /// A bearer token; the token itself is nowhere, only its hash.
    interface Token {
        /// Names the token in records and logs; unique.
        String name();

        /// SHA-256 of the token's UTF-8 bytes, 64 hexadecimal digits.
        String sha256();

        /// `viewer`, `operator`, `admin`, `ci`, `approver:<role>`, separated by commas.
        Set<String> roles();

        /// The person behind it; the token's name when absent.
        Optional<String> person();

        /// What the person is called elsewhere, `github:mara-k`, separated by commas.
        Optional<Set<String>> aliases();
    }
}
