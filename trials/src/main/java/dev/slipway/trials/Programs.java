package dev.slipway.trials;

import dev.slipway.suite.SuiteFailure;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Programs of the machine that a comparison needs.
public final class Programs {
    private Programs() {}

    /// @param program which package of Debian it comes from has the same name
    /// @throws SuiteFailure one line that says what to install
    public static Path require(String program) {
        return require(program, program);
    }

    /// @param debian the package of Debian it comes from
    /// @throws SuiteFailure one line that says what to install
    public static Path require(String program, String debian) {
        return find(program)
                .orElseThrow(() ->
                        new SuiteFailure("the program %s is missing: apt-get install %s".formatted(program, debian)));
    }

    /// Where it is on the `PATH`.
    public static Optional<Path> find(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path candidate = Path.of(folder, program);
            if (!folder.isEmpty() && Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
