/// The watch of a release: candidate beside baseline, batch by batch, until the step passes, is held or called
/// back.
@NullMarked
package dev.slipway.monitor.watch;

import org.jspecify.annotations.NullMarked;
