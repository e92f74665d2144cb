/// Hands a stored backup to whoever holds a link that somebody signed, for a while.
package dev.slipway.backup.link;
