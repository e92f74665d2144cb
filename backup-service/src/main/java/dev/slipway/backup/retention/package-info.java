/// Retention: which backups stay, for how long, and that the others are really gone.
package dev.slipway.backup.retention;
