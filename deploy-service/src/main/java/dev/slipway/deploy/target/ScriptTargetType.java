package dev.slipway.deploy.target;

import dev.slipway.deploy.manifest.Environment;
import dev.slipway.manifest.References;
import jakarta.inject.Singleton;

/// Targets that are deployed to by scripts of their owner, kept in one folder of this machine.
@Singleton
final class ScriptTargetType implements TargetType {
    private final References references;
    private final ScriptFolder scripts;
    private final ScriptRuns runs;

    ScriptTargetType(References references, ScriptFolder scripts, ScriptRuns runs) {
        this.references = references;
        this.scripts = scripts;
        this.runs = runs;
    }

    @Override
    public String type() {
        return "script";
    }

    @Override
    public Target open(Environment environment) {
        return new ScriptTarget(environment.target(), references, scripts, runs);
    }
}
