package dev.slipway.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferencesTest {
    @TempDir
    Path folder;

    private References references;

    @BeforeEach
    void files() throws IOException {
        Path allowed = Files.createDirectory(folder.resolve("allowed"));
        Files.writeString(allowed.resolve("db-password"), "hunter2\n");
        Files.writeString(folder.resolve("outside"), "not yours");
        Files.createSymbolicLink(allowed.resolve("link"), folder.resolve("outside"));
        Files.writeString(allowed.resolve("large"), "x".repeat(64 * 1024 + 1));
        Files.createDirectory(allowed.resolve("sub"));
        Files.writeString(allowed.resolve("sub").resolve("inner"), "not yours");
        references = References.of(
                Map.of(
                        "SLIPWAY_REF_A", "$1\\ ${env:SLIPWAY_REF_B}",
                        "SLIPWAY_REF_B", "b",
                        "SLIPWAY_REF_EMPTY", "",
                        "HOME", "/root"),
                allowed);
    }

    @Test
    void shouldPutValuesInTheirPlacesAndSearchThemNoFurther() {
        String resolved = references.resolve("x ${env:SLIPWAY_REF_B}:${file:db-password} ${env:SLIPWAY_REF_A}");

        assertThat(resolved).isEqualTo("x b:hunter2 $1\\ ${env:SLIPWAY_REF_B}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${token}", "pkg:generic/shop@${commit}", "$.status", "${", "$5:00", "{env:X}"})
    void shouldLeaveOthersPlaceholdersAlone(String text) {
        assertThat(references.resolve(text)).isEqualTo(text);
        assertThat(References.isIn(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${env:HOME}",
                "${env:SLIPWAY_REF_NOBODY}",
                "${env:SLIPWAY_REF_EMPTY}",
                "${env:slipway_ref_b}",
                "${env:}",
                "${file:nothing}",
                "${file:../outside}",
                "${file:/etc/passwd}",
                "${file:link}",
                "${file:large}",
                "${file:db-password\0}",
                "${file:..%2foutside}",
                "${file:sub}",
                "${file:sub/inner}",
                "${file:.}",
                "${file:..}",
                "${vault:x}",
            })
    void shouldNameOnlyTheReferenceThatLeadsNowhere(String text) {
        assertThatThrownBy(() -> references.resolve("hunter2 " + text))
                .isInstanceOfSatisfying(
                        UnresolvedReference.class,
                        e -> assertThat(e.reference()).isEqualTo(text))
                .hasMessageStartingWith(text)
                .hasMessageNotContaining("hunter2")
                .hasMessageNotContaining("/root");
    }

    @Test
    void shouldHaveNoFilesWithoutAFolder() {
        assertThatThrownBy(() -> References.of(Map.of()).resolve("${file:db-password}"))
                .isInstanceOf(UnresolvedReference.class);
    }
}
