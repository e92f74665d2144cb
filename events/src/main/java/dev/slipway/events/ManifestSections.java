package dev.slipway.events;

import java.util.Map;

/// The top-level names of a manifest (`slipway.yaml`) and the service each belongs to. Every service knows the whole
/// list, so that a misspelt section is refused by all four and a section of another service by none.
public final class ManifestSections {
    /// Name of the section → the service that reads it; `suite` for what all of them read.
    public static final Map<String, String> OWNERS = Map.of(
            "application", "suite",
            "repository", Catalogue.DEPLOY,
            "artifact", Catalogue.DEPLOY,
            "webhooks", Catalogue.DEPLOY,
            "environments", Catalogue.DEPLOY,
            "smokeTests", Catalogue.DEPLOY,
            "databases", Catalogue.BACKUP,
            "watches", Catalogue.MONITOR,
            "audiences", Catalogue.NOTIFY,
            "notices", Catalogue.NOTIFY);

    private ManifestSections() {}
}
