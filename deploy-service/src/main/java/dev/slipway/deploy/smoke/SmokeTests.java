package dev.slipway.deploy.smoke;

import dev.slipway.deploy.manifest.SmokeSuite;
import java.time.Duration;

/// Runs a suite of smoke tests against one deployment.
public interface SmokeTests {
    /// @param baseUrl what the suite's paths are below; may be a reference
    /// @param limit for the whole suite; what has not run by then counts as failed
    SmokeReport run(SmokeSuite suite, String baseUrl, Duration limit);
}
