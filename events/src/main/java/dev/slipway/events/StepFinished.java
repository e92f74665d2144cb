package dev.slipway.events;

import java.time.Instant;
import java.util.UUID;

/// A step of a release's plan ended. @param outcome `done` or `broken`; @param evidence what was observed, in words
public record StepFinished(
        ReleaseRef release,
        UUID step,
        String name,
        String kind,
        String outcome,
        String evidence,
        Instant startedAt,
        Instant finishedAt)
        implements EventData.Custom {}
