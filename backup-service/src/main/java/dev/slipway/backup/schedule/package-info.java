/// Schedules: when backups and drills happen by themselves, by the clock on somebody's wall.
package dev.slipway.backup.schedule;
