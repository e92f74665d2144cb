package dev.slipway.monitor.manifest;

import java.time.Duration;

/// How one environment is watched.
///
/// @param environment its name in the manifest, `production`
/// @param metrics URL of its metrics page, with references unresolved
/// @param every how often the page is asked for
/// @param timeout how long its answer may take
/// @param requests the counters of all requests
/// @param errors the counters of the bad ones among them
public record EnvironmentWatch(
        String environment,
        String metrics,
        Duration every,
        Duration timeout,
        CounterSelector requests,
        CounterSelector errors,
        WatchSettings settings) {}
