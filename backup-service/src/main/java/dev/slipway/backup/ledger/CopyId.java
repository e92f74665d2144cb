package dev.slipway.backup.ledger;

import java.util.UUID;

/// The copy of a backup in a location, as due work of it is called: `<backup>@<location>`.
public record CopyId(UUID backup, String location) {
    /// @throws IllegalArgumentException when it is none
    public static CopyId parse(String text) {
        int at = text.indexOf('@');
        if (at < 0) {
            throw new IllegalArgumentException("no copy of a backup: " + text);
        }
        return new CopyId(UUID.fromString(text.substring(0, at)), text.substring(at + 1));
    }

    @Override
    public String toString() {
        return backup + "@" + location;
    }
}
