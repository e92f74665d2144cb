package dev.slipway.backup.retention;

import java.time.Instant;

/// Somebody keeps a backup whatever the rules say. @param by whose token
public record Pin(String reason, String by, Instant at) {}
