package dev.slipway.demo.shop;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Who may use the shop. A token is `user.until.signature`, so that every instance of every version knows it without
/// asking another.
final class Logins {
    private static final Duration VALID = Duration.ofHours(8);

    private final Map<String, String> passwords;
    private final SecretKeySpec key;
    private final Clock clock;

    Logins(Map<String, String> passwords, String secret, Clock clock) {
        this.passwords = Map.copyOf(passwords);
        this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        this.clock = clock;
    }

    /// @return a token, or empty when user and password do not belong together
    Optional<String> logIn(String user, String password) {
        String expected = passwords.get(user);
        if (expected == null || !same(expected, password)) {
            return Optional.empty();
        }
        String claim = user + "." + clock.instant().plus(VALID).getEpochSecond();
        return Optional.of(claim + "." + signature(claim));
    }

    /// @return the user, or empty when the token is not ours or no longer valid
    Optional<String> user(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3 || !same(signature(parts[0] + "." + parts[1]), parts[2])) {
            return Optional.empty();
        }
        boolean valid = Long.parseLong(parts[1]) > clock.instant().getEpochSecond();
        return valid ? Optional.of(parts[0]) : Optional.empty();
    }

    private String signature(String claim) {
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(claim.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HmacSHA256", e);
        }
    }

    private static boolean same(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
