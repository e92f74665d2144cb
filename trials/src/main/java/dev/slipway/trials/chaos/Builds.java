package dev.slipway.trials.chaos;

import dev.slipway.demo.ci.Ci;
import dev.slipway.demo.ci.Delivery;
import dev.slipway.demo.site.ShopSite;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Every application's continuous integration.
final class Builds {
    private static final int NEWEST_SCHEMA = 2;

    private final Lab lab;
    private final ShopSite site;
    private final String secret;
    private final Clock clock;
    private final Map<String, Ci> pipelines = new ConcurrentHashMap<>();

    /// @param secret what the lab's webhooks are signed with; the shop has its own
    Builds(Lab lab, ShopSite site, String secret, Clock clock) {
        this.lab = lab;
        this.site = site;
        this.secret = secret;
        this.clock = clock;
    }

    Ci.Build build(String application, String name, BuildKind kind) throws IOException {
        Ci ci = pipeline(application);
        if (application.equals(Ground.SHOP)) {
            return ci.build(name, kind == BuildKind.FAULTY ? 3 : 2, NEWEST_SCHEMA);
        }
        Ci.Build build = ci.named(name);
        lab.build(build.commit(), kind);
        return build;
    }

    /// What GitHub delivers when the build is good: another run each time.
    Delivery delivery(String application, Ci.Build build) {
        return pipeline(application).succeeded(build, "kaya");
    }

    private Ci pipeline(String application) {
        return pipelines.computeIfAbsent(
                application,
                name -> name.equals(Ground.SHOP)
                        ? new Ci(site.home(), site.secrets().webhook(), clock)
                        : new Ci(name, site.home(), secret, clock));
    }
}
