package dev.slipway.deploy.step;

import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.step.StepResult.Broke;
import dev.slipway.deploy.step.StepResult.Done;
import dev.slipway.deploy.step.StepResult.Fact;
import dev.slipway.deploy.step.StepResult.Stuck;
import dev.slipway.deploy.target.Target;
import dev.slipway.deploy.target.TargetRun;
import dev.slipway.deploy.target.Targets;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Migrates the schema once, and holds its version against what this release's migration and the environment before
/// came to. A migration nobody can tell the end of is for a person.
@Singleton
final class SchemaSteps implements StepHandler {
    private final Targets targets;

    SchemaSteps(Targets targets) {
        this.targets = targets;
    }

    @Override
    public Set<StepKind> kinds() {
        return Set.of(StepKind.MIGRATE, StepKind.VERIFY_SCHEMA);
    }

    @Override
    public StepResult run(StepContext context) {
        return context.step().kind() == StepKind.MIGRATE ? migrate(context) : verify(context);
    }

    private StepResult migrate(StepContext context) {
        Target target = targets.of(context.environment());
        // After a takeover this may be the version after the migration already: then nobody can say what was before.
        Optional<String> before = context.takenOver() ? Optional.empty() : version(context, target);
        TargetRun run = target.migrate(context.forTarget());
        Optional<String> after = version(context, target);
        List<Fact> facts = after.<List<Fact>>map(
                        version -> List.of(new Fact.Schema(version, !before.equals(Optional.of(version)))))
                .orElse(List.of());
        String versions = "schema %s → %s".formatted(before.orElse("?"), after.orElse("?"));
        return switch (run) {
            case TargetRun.Ended ended
            when ended.ok() -> new Done("%s, %s".formatted(versions, ended.describe()), run.lines(), List.of(), facts);
            case TargetRun.Unknown unknown ->
                new Stuck("the migration: %s; %s".formatted(unknown.describe(), versions), run.lines(), facts);
            case TargetRun.Ended _, TargetRun.TimedOut _, TargetRun.Refused _ ->
                new Broke(
                        "the migration: %s; %s".formatted(run.describe(), versions),
                        false,
                        run.lines(),
                        List.of(),
                        facts);
        };
    }

    private StepResult verify(StepContext context) {
        TargetRun run = targets.of(context.environment()).schemaVersion(context.forTarget());
        Optional<String> version = lastLine(run);
        if (version.isEmpty()) {
            return new Broke("the schema's version: " + run.describe(), true, run.lines(), List.of(), List.of());
        }
        Optional<String> migrated = Optional.ofNullable(context.release().schemaVersion());
        Optional<String> upstream = Optional.ofNullable(context.upstream()).map(Release::schemaVersion);
        Optional<String> other = Stream.of(migrated, upstream)
                .flatMap(Optional::stream)
                .filter(expected -> !expected.equals(version.get()))
                .findFirst();
        if (other.isPresent()) {
            return StepResult.broke("the schema is at %s, not at %s".formatted(version.get(), other.get()));
        }
        String like = upstream.isPresent() ? ", as in " + context.upstream().environment() : "";
        return new Done(
                "schema %s%s".formatted(version.get(), like),
                List.of(),
                List.of(),
                List.of(new Fact.Schema(version.get(), false)));
    }

    private static Optional<String> version(StepContext context, Target target) {
        return context.environment().target().schemaVersion() == null
                ? Optional.empty()
                : lastLine(target.schemaVersion(context.forTarget()));
    }

    private static Optional<String> lastLine(TargetRun run) {
        return run instanceof TargetRun.Ended ended && ended.ok() ? ended.lastLine() : Optional.empty();
    }
}
