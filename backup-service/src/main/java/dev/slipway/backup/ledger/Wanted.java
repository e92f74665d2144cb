package dev.slipway.backup.ledger;

import java.time.Instant;

/// What somebody needs of a backup before they rely on it.
///
/// @param source the database must have been this one, as [Backup#source()] tells it
/// @param snapshotFrom the oldest snapshot that will do
/// @param locations in how many places at least
public record Wanted(String source, Instant snapshotFrom, int locations, ProofKind proof) {}
