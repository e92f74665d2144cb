package dev.slipway.deploy.manifest;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What an environment is deployed to.
///
/// @param type finds the adapter, `script`
/// @param variables what every command sees besides the release's own facts; values are references where secret
/// @param running prints the version that runs on a target, nothing when none does
/// @param schemaVersion prints the schema's version as its last line
/// @param colours name → URL that reaches it directly, in the manifest's order; empty: the one target is `default`
public record TargetSpec(
        String type,
        Map<String, String> variables,
        Command deploy,
        Command running,
        @Nullable Migration migrate,
        @Nullable Command schemaVersion,
        SequencedMap<String, String> colours) {

    /// The only target of an environment without colours.
    public static final String DEFAULT = "default";

    public TargetSpec {
        variables = Map.copyOf(variables);
        colours = new LinkedHashMap<>(colours);
    }

    /// A command line: a script's name and its arguments. @param timeout after which it is stopped
    public record Command(List<String> command, Duration timeout) {
        public Command {
            command = List.copyOf(command);
        }
    }

    /// @param backwardCompatible the release before works with the migrated schema too, so it may be gone back to
    public record Migration(List<String> command, Duration timeout, boolean backwardCompatible) {
        public Migration {
            command = List.copyOf(command);
        }
    }
}
