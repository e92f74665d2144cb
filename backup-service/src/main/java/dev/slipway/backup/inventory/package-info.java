/// What lies in the locations, beside what the catalogue says.
package dev.slipway.backup.inventory;
