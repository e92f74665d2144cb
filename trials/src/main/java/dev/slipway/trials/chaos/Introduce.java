package dev.slipway.trials.chaos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.ci.Ci;
import dev.slipway.demo.site.ShopScripts;
import dev.slipway.events.Catalogue;
import dev.slipway.suite.SuiteFailure;
import dev.slipway.suite.apply.ApplyManifest;
import dev.slipway.suite.apply.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Makes the applications known to the suite, each with something that runs already, so that every
/// release has one before it.
final class Introduce {
    private final Ground ground;
    private final List<String> applications;

    Introduce(Ground ground, List<String> applications) {
        this.ground = ground;
        this.applications = List.copyOf(applications);
    }

    void introduce() throws IOException, InterruptedException {
        for (String application : applications) {
            give(LabManifest.of(application, ground.lab().url(application)));
            Ci.Build first = ground.builds().build(application, application + "-0", BuildKind.GOOD);
            for (String environment : Lab.ENVIRONMENTS) {
                ground.lab().install(application, environment, first.commit());
                adopt(application, environment, first, "default");
            }
        }
        shop();
    }

    private void shop() throws IOException, InterruptedException {
        String lab = LabManifest.of(applications.getFirst(), ground.lab().url(applications.getFirst()));
        give(ShopManifest.of(ground.project().resolve("demo/slipway.yaml"), lab));
        Ci.Build first = ground.builds().build(Ground.SHOP, "shop-0", BuildKind.GOOD);
        ShopScripts scripts = ground.shopScripts(applications);
        for (String script : new String[] {"shop-migrate.sh", "shop-deploy.sh"}) {
            scripts.run(script, "staging", "default", first.commit());
            scripts.run(script, "production", "blue", first.commit());
        }
        adopt(Ground.SHOP, "staging", first, "default");
        adopt(Ground.SHOP, "production", first, "blue");
    }

    private void give(String manifest) {
        Outcome outcome = new ApplyManifest(
                        ground.suite().urls(), ground.operator().secret())
                .apply(manifest.getBytes(StandardCharsets.UTF_8), false);
        if (!(outcome instanceof Outcome.Applied)) {
            throw new SuiteFailure("a manifest was not taken: " + outcome);
        }
    }

    private void adopt(String application, String environment, Ci.Build build, String target) {
        ObjectNode body = Journal.line()
                .put("version", build.commit())
                .put("commit", build.commit())
                .put("artifact", "pkg:generic/%s@%s".formatted(application, build.commit()))
                .put("target", target);
        String path = "/api/v1/applications/%s/environments/%s/current".formatted(application, environment);
        Rest.Answer answer = ground.rest().put(Catalogue.DEPLOY, path, body);
        if (!answer.ok()) {
            throw new SuiteFailure("%s/%s was not adopted: %s".formatted(application, environment, answer.body()));
        }
    }
}
