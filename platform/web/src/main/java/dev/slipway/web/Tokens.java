package dev.slipway.web;

import io.quarkus.runtime.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The tokens that are known here. Built when the service starts, so that a token nobody could use stops it there.
@Startup
@Singleton
final class Tokens {
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");

    private final List<Token> known;

    private record Token(byte[] hash, Caller caller) {}

    @Inject
    Tokens(AccessConfig config) {
        List<Token> tokens = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (AccessConfig.Token token : config.tokens()) {
            if (!names.add(token.name())) {
                throw new IllegalArgumentException(
                        "slipway.access.tokens: two tokens are called '%s'".formatted(token.name()));
            }
            tokens.add(read(token));
        }
        known = List.copyOf(tokens);
    }

    private static Token read(AccessConfig.Token token) {
        try {
            if (!SHA_256.matcher(token.sha256()).matches()) {
                throw new IllegalArgumentException("sha256 must have 64 hexadecimal digits");
            }
            byte[] hash = HexFormat.of().parseHex(token.sha256());
            Caller caller = Caller.granted(
                    token.name(),
                    token.person().orElse(token.name()),
                    token.roles(),
                    token.aliases().orElse(Set.of()));
            return new Token(hash, caller);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "slipway.access.tokens: token '%s': %s".formatted(token.name(), e.getMessage()), e);
        }
    }

    /// Whose token this is. How long the answer takes does not depend on how much of a hash fits, nor on which one
    /// does.
    Optional<Caller> callerWith(String presented) {
        byte[] hash = Sha256.of(presented);
        Caller found = null;
        for (Token token : known) {
            if (MessageDigest.isEqual(token.hash(), hash)) {
                found = token.caller();
            }
        }
        return Optional.ofNullable(found);
    }
}
