package dev.slipway.suite;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where `up` keeps everything, for the commands that have to find it.
final class DataOption {
    @Option(names = "--data", paramLabel = "FOLDER", description = "Where the suite keeps its data (.slipway/data).")
    private @Nullable Path data;

    Path folder() {
        Path chosen = data == null ? Slipway.home().resolve(".slipway").resolve("data") : data;
        return chosen.toAbsolutePath().normalize();
    }
}
