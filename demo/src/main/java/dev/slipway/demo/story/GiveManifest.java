package dev.slipway.demo.story;

import dev.slipway.demo.ci.Ci;
import dev.slipway.suite.SuiteOptions;
import dev.slipway.suite.apply.ApplyManifest;
import dev.slipway.suite.apply.ManifestFault;
import dev.slipway.suite.apply.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;

/// The services learn what the shop is: a faulty manifest is refused as a whole, the right one is held by all four,
/// and they are told what runs already.
public final class GiveManifest {
    private final Walk walk;

    public GiveManifest(Walk walk) {
        this.walk = walk;
    }

    /// Spoils a place in each service's part of the manifest and has every fault named, and nothing changed.
    public void refuseFaulty() throws IOException {
        String faulty = text().replace("soak: PT6S", "soak: soon")
                .replace("cron: \"0 2 * * *\"", "cron: \"0 2 * *\"")
                .replace("batch: PT1S", "btch: PT1S")
                .replace("incident: [team]", "incident: [teem]");
        if (!(apply(faulty) instanceof Outcome.Refused refused)) {
            throw new StoryFailure("a manifest with four faults was not refused");
        }
        for (ManifestFault fault : refused.faults()) {
            walk.narrator().tell("  " + fault.render("slipway.yaml"));
        }
        for (String place : new String[] {"soak", "cron", "btch", "incident"}) {
            walk.require(
                    refused.faults().stream().anyMatch(fault -> fault.path().contains(place)),
                    "no fault names " + place);
        }
        for (String service : SuiteOptions.SERVICES) {
            int status = walk.services().manifest(service).status();
            walk.require(status == 404, "%s answers %d for a manifest that was refused".formatted(service, status));
        }
        walk.narrator()
                .observed(
                        "a manifest with a fault for each service is refused, all of them named, nothing changed",
                        "REST, 4 services");
    }

    /// @return the version of the manifest
    public String give() throws IOException {
        if (!(apply(text()) instanceof Outcome.Applied applied)) {
            throw new StoryFailure("the manifest was not taken: " + apply(text()));
        }
        for (String service : SuiteOptions.SERVICES) {
            int status = walk.services().manifest(service).status();
            walk.require(status == 200, "%s answers %d for the manifest it took".formatted(service, status));
        }
        walk.narrator()
                .observed(
                        "the manifest is held by all four services, version "
                                + applied.hash().substring(0, 14) + "…",
                        "REST, 4 services");
        return applied.hash();
    }

    /// Tells deploy-service what runs in both environments.
    public void adopt(Ci.Build build) {
        adopt(Stage.STAGING, build, "default");
        adopt(Stage.PRODUCTION, build, "blue");
        walk.narrator()
                .observed(
                        "%s (%s) is the current release of staging and production"
                                .formatted(build.name(), build.shortCommit()),
                        "REST, deploy-service");
    }

    private void adopt(String environment, Ci.Build build, String target) {
        Http.Answer answer = walk.services().adopt(environment, build.commit(), target);
        walk.require(answer.ok(), "%s was not adopted: %s".formatted(environment, answer.inWords()));
        ReleaseView current = walk.services().releases(environment, build.commit()).stream()
                .findFirst()
                .orElseThrow(() -> new StoryFailure("%s has no release after it was adopted".formatted(environment)));
        walk.require(current.phase().equals("completed"), "the adopted release is " + current.phase());
    }

    private Outcome apply(String manifest) {
        Map<String, java.net.URI> urls = new LinkedHashMap<>();
        SuiteOptions.SERVICES.forEach(
                service -> urls.put(service, walk.stage().suite().url(service)));
        return new ApplyManifest(urls, walk.stage().people().operator().secret())
                .apply(manifest.getBytes(StandardCharsets.UTF_8), false);
    }

    private String text() throws IOException {
        return Files.readString(walk.stage().manifest());
    }
}
