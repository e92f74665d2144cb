package dev.slipway.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the documents at the root show exists: commands, their options, files they link to.
class DocumentsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern COMMAND = Pattern.compile("(?m)^\\./slipway +(.+)$");
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#]+)\\)");

    @TempDir
    private Path folder;

    static Stream<String> commands() throws IOException {
        String pages = Files.readString(ROOT.resolve("README.md"))
                + Files.readString(ROOT.resolve("docs/runbook/own-data.md"));
        return COMMAND.matcher(pages)
                .results()
                .map(found -> found.group(1).strip())
                .distinct();
    }

    static Stream<Path> documents() throws IOException {
        try (Stream<Path> files =
                Files.find(ROOT, 2, (file, _) -> file.getFileName().toString().endsWith(".md"))) {
            return files.toList().stream();
        }
    }

    @Test
    void shouldShowTheTwoCommandsFirst() throws IOException {
        assertThat(commands().limit(2)).containsExactly("demo", "test");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldShowCommandsThatExist(String command) throws Exception {
        List<String> words = Arrays.asList(command.split(" +"));

        assertThat(new ScriptSandbox(folder).slipway("help").out()).contains("\n  " + words.getFirst() + " ");
        if (!List.of("demo", "test", "build").contains(words.getFirst())) {
            assertThatCode(() ->
                            Slipway.commandLine(options -> options, Map.of()).parseArgs(words.toArray(String[]::new)))
                    .doesNotThrowAnyException();
        }
        words.stream()
                .filter(word -> word.contains("/"))
                .forEach(file -> assertThat(ROOT.resolve(file)).exists());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void shouldLinkToWhatIsThere(Path document) throws IOException {
        List<String> links = LINK.matcher(Files.readString(document))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();

        assertThat(links)
                .allSatisfy(link -> assertThat(document.resolveSibling(link))
                        .as("%s in %s", link, document)
                        .exists());
    }
}
