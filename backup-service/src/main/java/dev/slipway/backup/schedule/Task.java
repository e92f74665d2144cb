package dev.slipway.backup.schedule;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What a schedule does when it is due.
public enum Task {
    /// Takes a backup and proves it.
    BACKUP,
    /// Restores the newest backup into a scratch database.
    DRILL;

    /// The name in the manifest, on the wire and in the database.
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
