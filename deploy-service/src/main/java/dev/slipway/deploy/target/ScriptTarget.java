package dev.slipway.deploy.target;

import dev.slipway.deploy.manifest.Secrets;
import dev.slipway.deploy.manifest.TargetSpec;
import dev.slipway.deploy.manifest.TargetSpec.Command;
import dev.slipway.deploy.target.TargetRun.Refused;
import dev.slipway.deploy.target.TargetRun.Unknown;
import dev.slipway.manifest.References;
import dev.slipway.manifest.UnresolvedReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Deploys by the command lines of the manifest. A command sees the manifest's variables, with their references
/// resolved for this one run, and what the work is about as `SLIPWAY_…`:
///
/// | variable | holds |
/// | --- | --- |
/// | `SLIPWAY_STEP_ID` | stable key of the effect |
/// | `SLIPWAY_RELEASE` | the release's id |
/// | `SLIPWAY_APPLICATION`, `SLIPWAY_ENVIRONMENT` | `shop`, `shop/production` |
/// | `SLIPWAY_VERSION`, `SLIPWAY_COMMIT`, `SLIPWAY_ARTIFACT` | what is deployed |
/// | `SLIPWAY_TARGET` | the colour, or `default` |
final class ScriptTarget implements Target {
    private final TargetSpec spec;
    private final References references;
    private final ScriptFolder scripts;
    private final ScriptRuns runs;

    ScriptTarget(TargetSpec spec, References references, ScriptFolder scripts, ScriptRuns runs) {
        this.spec = spec;
        this.references = references;
        this.scripts = scripts;
        this.runs = runs;
    }

    @Override
    public TargetRun deploy(TargetContext context) {
        return once(spec.deploy(), context);
    }

    @Override
    public TargetRun migrate(TargetContext context) {
        TargetSpec.Migration migrate = spec.migrate();
        return once(migrate == null ? null : new Command(migrate.command(), migrate.timeout()), context);
    }

    @Override
    public TargetRun running(TargetContext context) {
        return ask(spec.running(), context);
    }

    @Override
    public TargetRun schemaVersion(TargetContext context) {
        return ask(spec.schemaVersion(), context);
    }

    private TargetRun once(@Nullable Command command, TargetContext context) {
        Secrets secrets = new Secrets(references::resolve);
        try {
            return runs.run(context.step(), context.attempt(), ready(command, context, secrets), secrets::mask);
        } catch (ScriptRefused | UnresolvedReference e) {
            // The manifest may have changed since an earlier owner started it.
            return runs.started(context.step(), context.attempt())
                    ? new Unknown("it was started, but can no longer be followed: " + e.getMessage(), List.of())
                    : new Refused(e.getMessage());
        }
    }

    private TargetRun ask(@Nullable Command command, TargetContext context) {
        Secrets secrets = new Secrets(references::resolve);
        try {
            return runs.ask(ready(command, context, secrets), secrets::mask);
        } catch (ScriptRefused | UnresolvedReference e) {
            return new Refused(e.getMessage());
        }
    }

    private ScriptCommand ready(@Nullable Command command, TargetContext context, Secrets secrets) {
        if (command == null) {
            throw new ScriptRefused("the manifest has no command for it");
        }
        List<String> line = command.command();
        return new ScriptCommand(
                scripts.script(line.getFirst()),
                line.subList(1, line.size()),
                variables(context, secrets),
                command.timeout());
    }

    private Map<String, String> variables(TargetContext context, Secrets secrets) {
        Map<String, String> variables = new LinkedHashMap<>();
        spec.variables().forEach((name, text) -> variables.put(name, secrets.resolve(text)));
        variables.put("SLIPWAY_STEP_ID", context.step().toString());
        variables.put("SLIPWAY_RELEASE", context.release().toString());
        variables.put("SLIPWAY_APPLICATION", context.application());
        variables.put("SLIPWAY_ENVIRONMENT", context.environment());
        variables.put("SLIPWAY_VERSION", context.version());
        variables.put("SLIPWAY_COMMIT", context.commit());
        variables.put("SLIPWAY_ARTIFACT", context.artifact());
        variables.put("SLIPWAY_TARGET", context.target());
        return variables;
    }
}
