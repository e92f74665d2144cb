/// Copies of backups that some location lacks.
package dev.slipway.backup.copies;
