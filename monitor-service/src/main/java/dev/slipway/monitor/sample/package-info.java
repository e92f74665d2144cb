/// The counters of every watched environment: scraped on and on, kept as an append-only log for two hours.
@NullMarked
package dev.slipway.monitor.sample;

import org.jspecify.annotations.NullMarked;
