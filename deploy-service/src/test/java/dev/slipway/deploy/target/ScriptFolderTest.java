package dev.slipway.deploy.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptFolderTest {
    @TempDir
    private Path home;

    private Path folder;
    private ScriptFolder scripts;

    @BeforeEach
    void folder() throws IOException {
        folder = Files.createDirectory(home.resolve("scripts"));
        scripts = new ScriptFolder(folder);
        executable(folder.resolve("deploy.sh"));
        executable(home.resolve("outside.sh"));
    }

    @Test
    void shouldFindAnExecutableScriptByItsBareName() {
        assertThat(scripts.script("deploy.sh").getFileName()).hasToString("deploy.sh");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../outside.sh", "/bin/sh", "a/../deploy.sh", "..", ".", "", "-c", "deploy.sh ", "a\0b", "a\\b"})
    void shouldRefuseWhatIsNoBareName(String name) {
        assertThatThrownBy(() -> scripts.script(name))
                .isInstanceOf(ScriptRefused.class)
                .hasMessageContaining("bare name");
    }

    @Test
    void shouldRefuseALinkThatLeadsOut() throws IOException {
        Files.createSymbolicLink(folder.resolve("link.sh"), home.resolve("outside.sh"));

        assertThatThrownBy(() -> scripts.script("link.sh")).hasMessageContaining("leads out");
    }

    @Test
    void shouldFollowALinkThatStaysInside() throws IOException {
        Files.createSymbolicLink(folder.resolve("current.sh"), folder.resolve("deploy.sh"));

        assertThat(scripts.script("current.sh").getFileName()).hasToString("deploy.sh");
    }

    @Test
    void shouldRefuseWhatCannotRun() throws IOException {
        Files.createDirectory(folder.resolve("folder"));
        Files.createFile(folder.resolve("plain.sh"));

        assertThatThrownBy(() -> scripts.script("missing.sh")).hasMessageContaining("no script 'missing.sh'");
        assertThatThrownBy(() -> scripts.script("folder")).hasMessageContaining("not a file");
        assertThatThrownBy(() -> scripts.script("plain.sh")).hasMessageContaining("not executable");
    }

    private static void executable(Path file) throws IOException {
        assertThat(Files.createFile(file).toFile().setExecutable(true)).isTrue();
    }
}
