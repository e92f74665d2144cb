/// What the manifest says to this service: its section `watches`.
@NullMarked
package dev.slipway.monitor.manifest;

import org.jspecify.annotations.NullMarked;
