package dev.slipway.deploy.manifest;

import dev.slipway.deploy.manifest.TargetSpec.Command;
import dev.slipway.deploy.manifest.TargetSpec.Migration;
import dev.slipway.manifest.ManifestNode;
import dev.slipway.manifest.References;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads an environment's `target`.
final class TargetReader {
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern SCRIPT = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");
    private static final Pattern COLOUR = Pattern.compile("[a-z][a-z0-9-]*");
    private static final String RESERVED = "SLIPWAY_";

    private final List<String> types;

    TargetReader(Set<String> types) {
        this.types = types.stream().sorted().toList();
    }

    TargetSpec read(ManifestNode node) {
        return new TargetSpec(
                node.oneOf("type", types),
                variables(node),
                node.object("deploy", TargetReader::command),
                node.object("running", TargetReader::command),
                node.optionalObject("migrate", TargetReader::migration).orElse(null),
                node.optionalObject("schemaVersion", TargetReader::command).orElse(null),
                colours(node));
    }

    private static Map<String, String> variables(ManifestNode node) {
        Map<String, String> variables = node.optionalTextMap("variables");
        for (String name : variables.keySet()) {
            if (!VARIABLE.matcher(name).matches()) {
                node.fault("variables", "'%s' is not the name of an environment variable".formatted(name));
            } else if (name.startsWith(RESERVED)) {
                node.fault(
                        "variables", "'%s': names that start with %s are given by Slipway".formatted(name, RESERVED));
            }
        }
        return variables;
    }

    private static Command command(ManifestNode node) {
        return new Command(line(node), node.duration("timeout"));
    }

    private static Migration migration(ManifestNode node) {
        return new Migration(line(node), node.duration("timeout"), node.bool("backwardCompatible", false));
    }

    private static List<String> line(ManifestNode node) {
        List<String> line = node.texts("command");
        if (!line.isEmpty() && !SCRIPT.matcher(line.getFirst()).matches()) {
            node.fault("command", "must start with the bare name of a script, not '%s'".formatted(line.getFirst()));
        }
        if (line.stream().anyMatch(References::isIn)) {
            node.fault(
                    "command",
                    "holds a reference, and everybody on the machine can read a command line: "
                            + "put it into variables");
        }
        return line;
    }

    /// Two, so that one is idle; or none.
    private static LinkedHashMap<String, String> colours(ManifestNode node) {
        Map<String, String> colours = node.optionalMap("colours", ManifestNode::asUrl);
        if (node.has("colours") && colours.size() != 2) {
            node.fault("colours", "must be two, one of which is idle, not %d".formatted(colours.size()));
        }
        for (String name : colours.keySet()) {
            if (!COLOUR.matcher(name).matches() || name.equals(TargetSpec.DEFAULT)) {
                node.fault("colours", "'%s' is not a name for a colour".formatted(name));
            }
        }
        return new LinkedHashMap<>(colours);
    }
}
