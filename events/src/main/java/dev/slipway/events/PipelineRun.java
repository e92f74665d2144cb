package dev.slipway.events;

import org.jspecify.annotations.Nullable;

/// CDEvents content of `pipelinerun.*`. @param outcome `success`, `failure`, `cancel` or `error`, on finished only
public record PipelineRun(
        String pipelineName,
        String uri,
        @Nullable String outcome,
        @Nullable String errors) {}
