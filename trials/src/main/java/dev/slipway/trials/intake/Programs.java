package dev.slipway.trials.intake;

import dev.slipway.suite.SuiteFailure;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/// Programs of the machine that a comparison needs.
final class Programs {
    private Programs() {}

    /// @param program which package of Debian it comes from has the same name
    /// @throws SuiteFailure one line that says what to install
    static Path require(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path candidate = Path.of(folder, program);
            if (!folder.isEmpty() && Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        throw new SuiteFailure("the program %s is missing: apt-get install %s".formatted(program, program));
    }
}
