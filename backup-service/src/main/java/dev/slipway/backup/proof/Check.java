package dev.slipway.backup.proof;

import java.time.Duration;

/// A question of the user's own to a restored database.
///
/// @param sql one query that gives one row with one boolean
/// @param limit how long the answer may take
public record Check(String name, String sql, Duration limit) {
    public static final Duration USUAL_LIMIT = Duration.ofSeconds(30);
}
