package dev.slipway.events;

import java.util.List;

/// The gates of a release answered and at least one answer changed.
public record ReleaseGated(ReleaseRef release, boolean open, List<GateAnswered> gates) implements EventData.Custom {}
