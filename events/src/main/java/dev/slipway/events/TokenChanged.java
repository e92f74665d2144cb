package dev.slipway.events;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// All that is true of an access token now: issued, rotated or revoked. Its topic keeps the newest of each token, so
/// that one record says it all; when the token's time is over, an empty record (a tombstone) takes it off.
///
/// @param revision grows with every change: a reader that starts over ignores what it already knows better
/// @param name of the token, for records: `mara-laptop`
/// @param sha256 of the token's UTF-8 bytes, 64 hexadecimal digits in lower case; the token itself is nowhere
/// @param previous what was valid before it was rotated, as long as it still is
/// @param roles `viewer`, `operator`, `admin`, `ci`, `approver:<role>`
/// @param person behind the token
/// @param aliases what the person is called elsewhere: `github:mara-k`, `email:mara@example.org`, `slack:U024`
/// @param revokedAt present on a token that is valid no more, whatever `expiresAt` says
public record TokenChanged(
        UUID token,
        long revision,
        String name,
        String sha256,
        @Nullable Previous previous,
        List<String> roles,
        String person,
        List<String> aliases,
        Instant issuedAt,
        Instant expiresAt,
        @Nullable Instant revokedAt)
        implements EventData.Custom {
    public TokenChanged {
        // Absent on the wire is a fault that the codec names.
        roles = roles == null ? roles : List.copyOf(roles);
        aliases = aliases == null ? aliases : List.copyOf(aliases);
    }

    /// @param until from then on it is valid no more
    public record Previous(String sha256, Instant until) {}
}
