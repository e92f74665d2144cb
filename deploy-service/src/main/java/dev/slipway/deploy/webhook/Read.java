package dev.slipway.deploy.webhook;

import org.jspecify.annotations.Nullable;

/// A delivery and what it means.
///
/// @param manifest version of the manifest it was read with, null when the application has none
record Read(Incoming incoming, @Nullable String manifest, Reading reading) {}
