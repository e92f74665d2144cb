package dev.slipway.deploy.smoke;

import dev.slipway.deploy.manifest.SmokeSuite;
import dev.slipway.deploy.smoke.SmokeReport.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Smoke tests that pass, or do not.
public final class FakeSmokeTests implements SmokeTests {
    /// What was tested: `orders http://green`.
    public final List<String> runs = new ArrayList<>();

    private @Nullable String problem;

    /// From now on this is wrong.
    public void fail(String what) {
        problem = what;
    }

    @Override
    public SmokeReport run(SmokeSuite suite, String baseUrl, Duration limit) {
        runs.add(suite.name() + " " + baseUrl);
        return new SmokeReport(List.of(
                new Result("healthy", Duration.ofMillis(12), null),
                new Result("create an order", Duration.ofMillis(30), problem)));
    }
}
