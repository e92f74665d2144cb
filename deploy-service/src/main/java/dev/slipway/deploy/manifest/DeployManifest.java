package dev.slipway.deploy.manifest;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What deploy-service reads of an application's manifest. Texts may hold references (`${env:NAME}`), which whoever
/// needs the value resolves, and placeholders (`${commit}`).
///
/// @param application its name
/// @param repository where its code lives, `acme/shop`
/// @param artifact package URL of a build, with the placeholder `${commit}`
/// @param environments in promotion order, never empty
/// @param smokeTests suites, by name unique
public record DeployManifest(
        String application,
        String repository,
        String artifact,
        Webhooks webhooks,
        List<Environment> environments,
        List<SmokeSuite> smokeTests) {

    public DeployManifest {
        requireNonNull(application, "application");
        environments = List.copyOf(environments);
        smokeTests = List.copyOf(smokeTests);
        if (environments.isEmpty()) {
            throw new IllegalArgumentException("the manifest of " + application + " has no environment");
        }
    }

    public Optional<Environment> environment(String name) {
        return environments.stream()
                .filter(environment -> environment.name().equals(name))
                .findFirst();
    }

    /// Where a release goes first.
    public Environment first() {
        return environments.getFirst();
    }

    /// The environment a release must have been completed in before it may enter this one.
    public Optional<Environment> before(String name) {
        int index = index(name);
        return index > 0 ? Optional.of(environments.get(index - 1)) : Optional.empty();
    }

    /// Where a release goes once it is completed in this one.
    public Optional<Environment> after(String name) {
        int index = index(name);
        return index >= 0 && index + 1 < environments.size()
                ? Optional.of(environments.get(index + 1))
                : Optional.empty();
    }

    public Optional<SmokeSuite> smokeSuite(String name) {
        return smokeTests.stream().filter(suite -> suite.name().equals(name)).findFirst();
    }

    private int index(String name) {
        return environments.stream().map(Environment::name).toList().indexOf(name);
    }

    /// How CI reaches this application.
    public record Webhooks(@Nullable GitHub github) {}

    /// GitHub deliveries of `workflow_run`.
    ///
    /// @param secrets references; any of them may have signed (so that a secret can be changed without a gap)
    /// @param workflow name of the workflow whose success makes a candidate
    /// @param branches whose builds become candidates
    public record GitHub(List<String> secrets, String workflow, List<String> branches) {
        public GitHub {
            secrets = List.copyOf(secrets);
            branches = List.copyOf(branches);
        }
    }
}
