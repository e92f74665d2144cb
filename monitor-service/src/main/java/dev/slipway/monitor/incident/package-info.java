/// Incidents: what needs a person now.
@NullMarked
package dev.slipway.monitor.incident;

import org.jspecify.annotations.NullMarked;
