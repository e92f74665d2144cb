package dev.slipway.backup.ledger;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What else was seen of a database while it was dumped.
///
/// @param schemaVersion where its migrations stand; null when it has no table of them that is known here
/// @param objects kind of object → how many: what a dump can leave out without saying so
/// @param notes what somebody who restores it has to know, for people
/// @param roles the file with the server's roles, without passwords; null when there is none
public record Details(
        @Nullable String schemaVersion,
        SortedMap<String, Long> objects,
        List<String> notes,
        @Nullable SmallFile roles) {
    public static final Details NONE = new Details(null, new TreeMap<>(), List.of(), null);

    public Details {
        objects = Collections.unmodifiableSortedMap(new TreeMap<>(objects == null ? new TreeMap<>() : objects));
        notes = notes == null ? List.of() : List.copyOf(notes);
    }

    /// A file beside the archive. @param sha256 of it as it is stored
    public record SmallFile(String file, long sizeBytes, String sha256) {}
}
