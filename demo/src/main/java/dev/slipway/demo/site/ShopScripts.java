package dev.slipway.demo.site;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs the shop's scripts by hand, with the variables the manifest declares: how the first version came to run before
/// there was a Slipway.
public final class ShopScripts {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{env:([A-Z0-9_]+)}");
    private static final int LIMIT_SECONDS = 60;

    private final Path folder;
    private final JsonNode manifest;
    private final Map<String, String> references;

    /// @param folder where the scripts are
    /// @param manifest the file; @param references what it refers to
    public ShopScripts(Path folder, Path manifest, Map<String, String> references) throws IOException {
        this.folder = folder;
        this.manifest = YAML.readTree(manifest.toFile());
        this.references = Map.copyOf(references);
    }

    /// Runs a script to its end.
    ///
    /// @param environment `staging` or `production`; @param target `default`, `blue` or `green`
    /// @return what it printed
    /// @throws IllegalStateException with what it printed, when it failed or took longer than a minute
    public String run(String script, String environment, String target, String version)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("shop-script", ".log");
        try {
            var builder = new ProcessBuilder(folder.resolve(script).toString())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().keySet().retainAll(Set.of("PATH"));
            builder.environment().putAll(variables(environment));
            builder.environment().put("SLIPWAY_TARGET", target);
            builder.environment().put("SLIPWAY_VERSION", version);
            builder.environment().put("SLIPWAY_COMMIT", version);
            Process process = builder.start();
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            String printed = Files.readString(output, StandardCharsets.UTF_8).strip();
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException("%s for %s/%s %s: %s"
                        .formatted(script, environment, target, ended ? "failed" : "did not end", printed));
            }
            return printed;
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private Map<String, String> variables(String environment) {
        Map<String, String> variables = new HashMap<>();
        for (JsonNode declared : manifest.path("environments")) {
            if (declared.path("name").asText().equals(environment)) {
                declared.path("target")
                        .path("variables")
                        .properties()
                        .forEach(variable -> variables.put(
                                variable.getKey(), resolved(variable.getValue().asText())));
            }
        }
        return variables;
    }

    private String resolved(String text) {
        return REFERENCE.matcher(text).replaceAll(match -> {
            String value = references.get(match.group(1));
            if (value == null) {
                throw new IllegalStateException("the manifest refers to " + match.group(1) + ", which nobody sets");
            }
            return Matcher.quoteReplacement(value);
        });
    }
}
