package dev.slipway.backup.engine;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the scratch database of a backup is called. The name holds the backup's id, so that one whose worker was killed
/// is found and dropped; nothing but such a name is ever created or dropped, whatever the caller says.
public final class ScratchName {
    private static final String PREFIX = "slipway_scratch_";
    private static final Pattern NAME =
            Pattern.compile(PREFIX + "([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})");

    private ScratchName() {}

    public static String of(UUID backup) {
        return PREFIX + backup.toString().replace("-", "");
    }

    /// The backup whose scratch database has this name; empty when it is none.
    public static Optional<UUID> backupOf(String name) {
        Matcher parts = NAME.matcher(name);
        return parts.matches() ? Optional.of(UUID.fromString(parts.replaceAll("$1-$2-$3-$4-$5"))) : Optional.empty();
    }

    /// The name, fit to be put into SQL as it is.
    ///
    /// @throws IllegalArgumentException when the source is called like it
    public static String guarded(UUID backup, Access source) {
        String name = of(backup);
        if (!NAME.matcher(name).matches() || name.equals(source.database())) {
            throw new IllegalArgumentException("refusing to create or drop '%s'".formatted(name));
        }
        return name;
    }
}
