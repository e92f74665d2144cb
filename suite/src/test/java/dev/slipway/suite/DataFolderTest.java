package dev.slipway.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    private Path folder;

    @Test
    void shouldNeverDeleteWhatIsNotASuites() throws Exception {
        Path precious = Files.writeString(folder.resolve("thesis.txt"), "precious");

        try (DataFolder data = new DataFolder(folder)) {
            assertThatThrownBy(data::open)
                    .isInstanceOf(SuiteFailure.class)
                    .hasMessageContaining("holds something else than a suite's data");
        }

        assertThat(precious).exists();
    }

    @Test
    void shouldClearWhatEarlierRunsKeptAndStayLocked() throws Exception {
        try (DataFolder data = new DataFolder(folder)) {
            data.open();
            Files.createDirectories(data.kafka().resolve("log"));
            String before = data.secrets().of("postgres");

            data.clear();

            assertThat(data.kafka()).doesNotExist();
            assertThat(data.secrets().of("postgres")).isNotEqualTo(before);
            assertThat(data.launcher()).contains(ProcessHandle.current());
            assertThatThrownBy(() -> new DataFolder(folder).open()).hasMessageContaining("a suite runs on");
        }
    }

    @Test
    void shouldBeFreeForTheNextLauncherAfterItsEnd() throws Exception {
        try (DataFolder first = new DataFolder(folder)) {
            first.open();
        }

        try (DataFolder second = new DataFolder(folder)) {
            assertThat(second.launcher()).isEmpty();
            second.open();
            assertThat(second.launcher()).contains(ProcessHandle.current());
        }
    }

    @Test
    void shouldPutALogAsideThatHasGrownLarge() throws Exception {
        try (DataFolder data = new DataFolder(folder)) {
            data.open();
            Files.write(data.logs().resolve("kafka.log"), new byte[17 * 1024 * 1024]);

            Path log = data.log("kafka");

            assertThat(log).doesNotExist();
            assertThat(data.logs().resolve("kafka.log.1")).hasSize(17L * 1024 * 1024);
        }
    }
}
