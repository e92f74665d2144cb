package dev.slipway.manifest;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Puts values in the place of references. A manifest names its secrets and everything else that differs from machine
/// to machine as `${env:SLIPWAY_REF_NAME}` or `${file:name}`; the service that needs the value resolves it when it
/// needs it and keeps it no longer than that.
///
/// Only variables with the prefix `slipway.references.prefix` (`SLIPWAY_REF_`) and plain files directly inside the
/// folder `slipway.references.dir` can be referred to. Placeholders without a colon, such as `${version}`, are
/// somebody else's and stay as they are.
@Singleton
public final class References {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}:]*):([^}]*)}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Z][A-Z0-9_]*");
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final long LARGEST_FILE = 64 * 1024;

    private final Function<String, Optional<String>> variables;
    private final String prefix;
    private final Optional<Path> folder;

    @Inject
    References(
            Config config,
            @ConfigProperty(name = "slipway.references.prefix", defaultValue = "SLIPWAY_REF_") String prefix,
            @ConfigProperty(name = "slipway.references.dir") Optional<String> folder) {
        // The raw value: a password with "${" in it is no expression.
        this(
                name -> Optional.ofNullable(config.getConfigValue(name)).map(ConfigValue::getRawValue),
                prefix,
                folder.map(Path::of));
    }

    private References(Function<String, Optional<String>> variables, String prefix, Optional<Path> folder) {
        this.variables = variables;
        this.prefix = prefix;
        this.folder = folder;
    }

    /// References made by hand: variables by their whole name, no folder.
    public static References of(Map<String, String> variables) {
        return new References(name -> Optional.ofNullable(variables.get(name)), "SLIPWAY_REF_", Optional.empty());
    }

    /// References made by hand, with a folder for `${file:…}`.
    public static References of(Map<String, String> variables, Path folder) {
        return new References(name -> Optional.ofNullable(variables.get(name)), "SLIPWAY_REF_", Optional.of(folder));
    }

    /// The text with every reference in it replaced by its value; a value is never searched for further references.
    ///
    /// @throws UnresolvedReference for the first reference that has no value here or is not allowed
    public String resolve(String text) {
        return REFERENCE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(valueOf(found)));
    }

    /// Whether the text holds a reference, allowed or not.
    public static boolean isIn(String text) {
        return REFERENCE.matcher(text).find();
    }

    private String valueOf(MatchResult found) {
        String reference = found.group();
        String name = found.group(2);
        return switch (found.group(1)) {
            case "env" -> variable(reference, name);
            case "file" -> file(reference, name);
            default -> throw new UnresolvedReference(reference, "is of an unknown kind: env and file are known");
        };
    }

    private String variable(String reference, String name) {
        if (!name.startsWith(prefix) || !VARIABLE.matcher(name).matches()) {
            throw new UnresolvedReference(reference, "is not allowed: only variables that start with " + prefix);
        }
        return variables
                .apply(name)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> new UnresolvedReference(reference, "has no value in this service"));
    }

    private String file(String reference, String name) {
        if (!FILE.matcher(name).matches()) {
            throw new UnresolvedReference(reference, "is not allowed: only plain file names");
        }
        Path within = folder.orElseThrow(
                () -> new UnresolvedReference(reference, "has no value: this service has no folder for files"));
        try {
            Path file = within.resolve(name).toRealPath();
            if (!file.startsWith(within.toRealPath())) {
                throw new UnresolvedReference(reference, "is not allowed: it leads out of the folder for files");
            }
            if (Files.size(file) > LARGEST_FILE) {
                throw new UnresolvedReference(reference, "is not allowed: the file is larger than 64 KiB");
            }
            String value = Files.readString(file, StandardCharsets.UTF_8);
            return value.endsWith("\n") ? value.substring(0, value.length() - 1) : value;
        } catch (IOException _) {
            throw new UnresolvedReference(reference, "has no value in this service");
        }
    }
}
