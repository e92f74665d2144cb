/// Restore drills: what was tried, how long each part took, what was found; after a backup, by a schedule, or on
/// demand.
package dev.slipway.backup.drill;
