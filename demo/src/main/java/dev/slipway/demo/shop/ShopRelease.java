package dev.slipway.demo.shop;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/// What one build of the shop is: what stands in `artifacts/<commit>/release.properties` under the shop's home.
///
/// @param version the commit, which the shop reports in every answer
/// @param code 1: the first release · 2: orders have a priority · 3: as 2, with a fault under load
/// @param schema the lowest schema version this code runs on
public record ShopRelease(String version, int code, int schema) {
    public ShopRelease {
        if (version.isBlank()) {
            throw new IllegalArgumentException("a release of the shop needs a version");
        }
        if (code < 1 || code > 3) {
            throw new IllegalArgumentException("the shop has code 1, 2 and 3, not " + code);
        }
        if (schema < 1 || schema > ShopSchema.NEWEST) {
            throw new IllegalArgumentException(
                    "the shop has schema 1 to %d, not %d".formatted(ShopSchema.NEWEST, schema));
        }
    }

    /// Reads a build that CI left in the shop's home.
    /// @throws IllegalArgumentException when there is no such build, or it is not one of the shop's
    public static ShopRelease read(Path home, String version) throws IOException {
        Path file = file(home, version);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("no build of %s: %s is missing".formatted(version, file));
        }
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return new ShopRelease(version, number(properties, "code", file), number(properties, "schema", file));
    }

    /// Writes the build where [#read] finds it.
    public void write(Path home) throws IOException {
        Path file = file(home, version);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "code=%d%nschema=%d%n".formatted(code, schema));
    }

    boolean hasPriorities() {
        return code >= 2;
    }

    boolean isFaulty() {
        return code == 3;
    }

    private static Path file(Path home, String version) {
        Path artifacts = home.resolve("artifacts");
        Path file = artifacts.resolve(version).resolve("release.properties").normalize();
        if (!file.startsWith(artifacts)) {
            throw new IllegalArgumentException("not a version: " + version);
        }
        return file;
    }

    private static int number(Properties properties, String name, Path file) {
        String text = properties.getProperty(name, "");
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException("%s: %s is not a number: '%s'".formatted(file, name, text));
        }
    }
}
