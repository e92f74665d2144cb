package dev.slipway.events;

import java.util.List;

/// A running release is being undone. @param by who or what asked; @param nextSteps the compensation's steps, in order
public record ReleaseRollingBack(ReleaseRef release, String reason, String by, List<String> nextSteps)
        implements EventData.Custom {}
