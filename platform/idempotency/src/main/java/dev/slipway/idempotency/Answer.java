package dev.slipway.idempotency;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a request was answered.
///
/// @param withheld it held a secret that is shown once: its body is kept nowhere
record Answer(int status, Map<String, List<String>> headers, byte @Nullable [] body, boolean withheld) {}
