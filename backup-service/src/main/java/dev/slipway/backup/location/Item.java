package dev.slipway.backup.location;

import dev.slipway.backup.ledger.DatabaseKey;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One file of one backup, wherever it lies: `<application>/<database>/<backup>/<file>`.
public record Item(DatabaseKey database, UUID backup, String file) {
    /// The file that makes the others a backup: written last, JSON.
    public static final String MANIFEST = "manifest.json";

    /// What is put beside a backup that did not stand its proof: nobody takes it for a good one.
    public static final String UNPROVED = "unproved.json";

    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";
    private static final Pattern NAMES = Pattern.compile(NAME);
    private static final Pattern PATH = Pattern.compile("(%1$s)/(%1$s)/([0-9a-f-]{36})/(%1$s)".formatted(NAME));

    public Item {
        // What is put together to a path here must not lead anywhere else.
        for (String name : new String[] {database.application(), database.name(), file}) {
            if (!NAMES.matcher(name).matches()) {
                throw new IllegalArgumentException("no name of a folder or file: '%s'".formatted(name));
            }
        }
    }

    /// The manifest of a backup.
    public static Item manifest(DatabaseKey database, UUID backup) {
        return new Item(database, backup, MANIFEST);
    }

    /// The folder all files of a backup lie in, with a slash at its end.
    public static String folder(DatabaseKey database, UUID backup) {
        String path = manifest(database, backup).path();
        return path.substring(0, path.length() - MANIFEST.length());
    }

    /// Another file of the same backup.
    public Item beside(String otherFile) {
        return new Item(database, backup, otherFile);
    }

    /// Where it lies below its location's root.
    public String path() {
        return "%s/%s/%s/%s".formatted(database.application(), database.name(), backup, file);
    }

    /// What lies at a path; empty when it is not one that a backup's file has.
    public static Optional<Item> at(String path) {
        Matcher parts = PATH.matcher(path);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            UUID backup = UUID.fromString(parts.group(3));
            return Optional.of(new Item(new DatabaseKey(parts.group(1), parts.group(2)), backup, parts.group(4)))
                    .filter(item -> item.path().equals(path));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return path();
    }
}
