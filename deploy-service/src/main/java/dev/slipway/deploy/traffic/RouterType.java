package dev.slipway.deploy.traffic;

import dev.slipway.deploy.manifest.Environment.RouterSpec;

/// An adapter for one type of router; CDI beans are found by themselves.
public interface RouterType {
    /// `router.type` in the manifest.
    String type();

    TrafficRouter open(RouterSpec router);
}
