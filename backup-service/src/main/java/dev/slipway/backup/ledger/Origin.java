package dev.slipway.backup.ledger;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Why a backup is taken, and the story it belongs to.
///
/// @param by a person's token, `release <id>` or `schedule <name>`
/// @param requestId whose request it was first taken for
/// @param release on whose way it is taken
/// @param chainId the candidate's id, or one of its own when nobody's release asked
public record Origin(
        String by, @Nullable UUID requestId, @Nullable UUID release, UUID chainId) {

    /// Asked for by a person.
    public static Origin person(String name) {
        return new Origin(name, null, null, UUID.randomUUID());
    }

    /// Due by a schedule of the database.
    public static Origin schedule(String name) {
        return new Origin("schedule " + name, null, null, UUID.randomUUID());
    }

    /// Asked for on the way of a release.
    public static Origin release(UUID release, UUID requestId, UUID chainId) {
        return new Origin("release " + release, requestId, release, chainId);
    }
}
