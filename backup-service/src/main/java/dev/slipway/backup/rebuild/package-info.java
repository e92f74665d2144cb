/// The catalogue of backups made anew from what lies in the locations.
package dev.slipway.backup.rebuild;
