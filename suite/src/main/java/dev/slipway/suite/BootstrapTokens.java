package dev.slipway.suite;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The two tokens a suite is born with, both with the role `admin`. The person's is shown once and only its hash is
/// kept; the machine's lies in a file that only the owner of the data may read, for `./slipway apply` beside `up`.
final class BootstrapTokens {
    private static final String PERSON_HASH = "first-admin.sha256";
    private static final String LOCAL = "local-admin.token";

    private final AccessToken person;
    private final AccessToken local;
    private final boolean isNew;

    private BootstrapTokens(AccessToken person, AccessToken local, boolean isNew) {
        this.person = person;
        this.local = local;
        this.isNew = isNew;
    }

    /// @param fresh makes new ones, whatever the folder holds
    static BootstrapTokens of(Path data, boolean fresh) throws IOException {
        Secrets secrets = new DataFolder(data).secrets();
        Optional<String> hash = fresh ? Optional.empty() : secrets.read(PERSON_HASH);
        Optional<String> secret = fresh ? Optional.empty() : secrets.read(LOCAL);
        AccessToken local = secret.map(known -> AccessToken.ofSecret("local", known, "admin"))
                .orElseGet(() -> AccessToken.issue("local", "admin"));
        AccessToken person = hash.map(known -> AccessToken.ofHash("admin", known, "admin"))
                .orElseGet(() -> AccessToken.issue("admin", "admin"));
        return new BootstrapTokens(person, local, hash.isEmpty());
    }

    /// What `./slipway apply` on this machine may use.
    static Optional<String> local(Path data) throws IOException {
        return new DataFolder(data).secrets().read(LOCAL);
    }

    List<AccessToken> all() {
        return List.of(person, local);
    }

    /// Remembers them. After the start only: a token nobody was shown must not be the one that is kept.
    ///
    /// @return the person's token when it is a new one, to be shown now or never
    Optional<String> keep(Path data) throws IOException {
        Secrets secrets = new DataFolder(data).secrets();
        secrets.write(LOCAL, local.secret());
        if (!isNew) {
            return Optional.empty();
        }
        secrets.write(PERSON_HASH, person.sha256());
        return Optional.of(person.secret());
    }
}
