package dev.slipway.demo.story;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where a story test leaves what a failed one is explained by: under `target/stories`.
record StoryFolder(Path path) {
    static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    static StoryFolder of(String name) {
        return new StoryFolder(Path.of("target", "stories", name).toAbsolutePath());
    }

    /// Tells to the test's output as well.
    Narrator narrator() throws IOException {
        Files.createDirectories(path);
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        return new Narrator(out, path.resolve("story.txt"), false);
    }
}
