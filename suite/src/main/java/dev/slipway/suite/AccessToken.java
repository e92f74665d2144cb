package dev.slipway.suite;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A bearer token the services are told of at their start: they get its hash, whoever uses it has the secret.
public final class AccessToken {
    private final String name;
    private final List<String> roles;
    private final String person;
    private final List<String> aliases;
    private final String sha256;
    private final @Nullable String secret;

    private AccessToken(
            String name,
            List<String> roles,
            String person,
            List<String> aliases,
            String sha256,
            @Nullable String secret) {
        this.name = name;
        this.roles = List.copyOf(roles);
        this.person = person;
        this.aliases = List.copyOf(aliases);
        this.sha256 = sha256;
        this.secret = secret;
    }

    /// A new random token for a person or machine of that name.
    ///
    /// @param roles `viewer`, `operator`, `admin`, `ci`, `approver:<role>`
    public static AccessToken issue(String name, String... roles) {
        return ofSecret(name, Secrets.random(), roles);
    }

    /// A token whose secret is known already.
    public static AccessToken ofSecret(String name, String secret, String... roles) {
        return new AccessToken(name, List.of(roles), name, List.of(), hash(secret), secret);
    }

    /// A token of which only the hash was kept.
    public static AccessToken ofHash(String name, String sha256, String... roles) {
        return new AccessToken(name, List.of(roles), name, List.of(), sha256, null);
    }

    /// The same token for that person, known elsewhere (GitHub, Slack) by these aliases.
    public AccessToken withPerson(String newPerson, String... newAliases) {
        return new AccessToken(name, roles, newPerson, List.of(newAliases), sha256, secret);
    }

    public String name() {
        return name;
    }

    public List<String> roles() {
        return roles;
    }

    public String person() {
        return person;
    }

    public List<String> aliases() {
        return aliases;
    }

    /// Lower-case hex of the SHA-256 of the secret's UTF-8 bytes.
    public String sha256() {
        return sha256;
    }

    /// What goes behind `Authorization: Bearer`.
    /// @throws SuiteFailure when only the hash was kept
    public String secret() {
        if (secret == null) {
            throw new SuiteFailure("of the token " + name + " only the hash was kept");
        }
        return secret;
    }

    @Override
    public String toString() {
        return "AccessToken[" + name + " " + roles + "]";
    }

    private static String hash(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
