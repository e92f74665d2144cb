package dev.slipway.deploy.target;

import dev.slipway.deploy.manifest.Environment;

/// An adapter for one type of target; CDI beans are found by themselves.
public interface TargetType {
    /// `target.type` in the manifest.
    String type();

    Target open(Environment environment);
}
