/// The watchdog: says when backups are not what people rely on them to be, however that came about.
package dev.slipway.backup.watchdog;
