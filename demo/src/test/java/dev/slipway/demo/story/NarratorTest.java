package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NarratorTest {
    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @Test
    void shouldTellTheSameToTerminalAndFileButColoursToTheTerminalOnly() throws Exception {
        Path file = folder.resolve("story.txt");
        try (var narrator = new Narrator(new PrintStream(terminal, true, StandardCharsets.UTF_8), file, true)) {
            narrator.chapter(1, "The manifest");
            narrator.observed("all four services hold it", "REST");
        }

        String told = Files.readString(file);
        assertThat(told)
                .contains("1  The manifest", "✓ all four services hold it  [REST]")
                .doesNotContain("\u001b");
        assertThat(terminal.toString(StandardCharsets.UTF_8))
                .contains("\u001b[32m✓")
                .isNotEqualTo(told);
        assertThat(terminal.toString(StandardCharsets.UTF_8).replaceAll("\u001b\\[\\d+m", ""))
                .isEqualTo(told);
    }

    @Test
    void shouldSayWhatWasThereInsteadOfWhatWasWaitedFor() {
        var patience = Patience.of(Duration.ofSeconds(60));

        assertThatThrownBy(() -> patience.await("a release", Duration.ofMillis(1), Optional::empty, () -> "none"))
                .isInstanceOf(StoryFailure.class)
                .hasMessageContaining("did not see a release")
                .hasMessageContaining("there is none");
        assertThat(patience.await("a release", Duration.ofSeconds(1), () -> Optional.of("r"), () -> ""))
                .isEqualTo("r");
    }

    @Test
    void shouldEndEveryWaitWithTheWholeStory() {
        var patience = Patience.of(Duration.ZERO);

        assertThatThrownBy(() -> patience.await("a release", Duration.ofDays(1), Optional::empty, () -> "none"))
                .hasMessageContaining("the whole story's time is over");
    }
}
