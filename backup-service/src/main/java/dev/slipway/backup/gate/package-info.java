/// The gate: whether there is a backup that somebody may rely on now, and why not.
package dev.slipway.backup.gate;
