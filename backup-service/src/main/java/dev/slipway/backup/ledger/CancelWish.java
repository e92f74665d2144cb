package dev.slipway.backup.ledger;

import java.time.Instant;
import java.util.UUID;

/// That somebody wants a backup to be cancelled. @param by who; @param reason why
public record CancelWish(UUID backup, String by, String reason, Instant at) {}
