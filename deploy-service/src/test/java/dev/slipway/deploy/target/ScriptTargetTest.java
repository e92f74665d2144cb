package dev.slipway.deploy.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.manifest.TargetSpec;
import dev.slipway.deploy.manifest.TargetSpec.Command;
import dev.slipway.deploy.manifest.TargetSpec.Migration;
import dev.slipway.deploy.target.TargetRun.Ended;
import dev.slipway.deploy.target.TargetRun.Refused;
import dev.slipway.deploy.target.TargetRun.Unknown;
import dev.slipway.manifest.References;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptTargetTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final UUID RELEASE = UUID.randomUUID();
    private static final UUID STEP = UUID.randomUUID();

    @TempDir
    private Path home;

    private References references = References.of(Map.of("SLIPWAY_REF_DB", "postgres://shop:pa55word@db"));

    @BeforeEach
    void scripts() throws IOException {
        Files.createDirectory(home.resolve("scripts"));
    }

    @Test
    void shouldTellTheScriptWhatItIsAbout() throws IOException {
        script("deploy.sh", "env | grep SLIPWAY_ | sort; echo \"args $*\"");

        TargetRun run = target().deploy(context(1));

        assertThat(run.ok()).isTrue();
        assertThat(run.lines())
                .containsExactly(
                        "SLIPWAY_APPLICATION=shop",
                        "SLIPWAY_ARTIFACT=pkg:generic/shop@c0ffee",
                        "SLIPWAY_COMMIT=c0ffee",
                        "SLIPWAY_ENVIRONMENT=shop/production",
                        "SLIPWAY_RELEASE=" + RELEASE,
                        "SLIPWAY_STEP_ID=" + STEP,
                        "SLIPWAY_TARGET=green",
                        "SLIPWAY_VERSION=c0ffee",
                        "args --fast");
    }

    @Test
    void shouldResolveReferencesForTheRunAndMaskThemAfterwards() throws IOException {
        script("deploy.sh", "[ \"$DB\" = postgres://shop:pa55word@db ] && echo \"connected to $DB\"");

        TargetRun run = target().deploy(context(1));

        assertThat(run.ok()).isTrue();
        assertThat(run.lines()).containsExactly("connected to ***");
    }

    @Test
    void shouldRunAnAttemptOnceAndTheNextOneAnew() throws IOException {
        script("migrate.sh", "echo x >> " + home.resolve("count") + "; exit 4");
        target().migrate(context(1));
        target().migrate(context(1));

        TargetRun second = target().migrate(context(2));

        assertThat(second.describe()).startsWith("exit code 4 after ");
        assertThat(home.resolve("count")).content().isEqualTo("x\nx\n");
    }

    @Test
    void shouldGiveEveryAttemptTheSameKey() throws IOException {
        script("migrate.sh", "echo $SLIPWAY_STEP_ID >> " + home.resolve("keys"));

        target().migrate(context(1));
        target().migrate(context(2));

        assertThat(home.resolve("keys")).content().isEqualTo("%1$s\n%1$s\n".formatted(STEP));
    }

    @Test
    void shouldAnswerWithWhatRunsAndNothingElse() throws IOException {
        script("running.sh", "echo 'deprecated option' >&2; echo c0ffee");

        TargetRun run = target().running(context(1));

        assertThat(run)
                .isInstanceOfSatisfying(
                        Ended.class, ended -> assertThat(ended.lastLine()).contains("c0ffee"));
    }

    @Test
    void shouldAnswerNothingWhenNothingRuns() throws IOException {
        script("running.sh", "echo 'no such process' >&2");

        TargetRun run = target().running(context(1));

        assertThat(run)
                .isInstanceOfSatisfying(
                        Ended.class, ended -> assertThat(ended.lastLine()).isEmpty());
    }

    @Test
    void shouldAskAnewEachTime() throws IOException {
        script("schema.sh", "echo x >> " + home.resolve("count") + "; wc -l < " + home.resolve("count"));
        target().schemaVersion(context(1));

        TargetRun run = target().schemaVersion(context(1));

        assertThat(run)
                .isInstanceOfSatisfying(
                        Ended.class, ended -> assertThat(ended.lastLine()).contains("2"));
    }

    @Test
    void shouldRefuseWhatCannotBeStarted() throws IOException {
        assertThat(target().deploy(context(1)))
                .isEqualTo(new Refused("there is no script 'deploy.sh' in the folder of scripts"));

        script("deploy.sh", "echo never");
        references = References.of(Map.of());

        assertThat(target().deploy(context(1)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.why()).contains("${env:SLIPWAY_REF_DB}"));
    }

    @Test
    void shouldNotCallRefusedWhatWasStarted() throws IOException {
        script("deploy.sh", "echo done");
        target().deploy(context(1));
        Files.delete(home.resolve("scripts/deploy.sh"));

        assertThat(target().deploy(context(1))).isInstanceOf(Unknown.class);
    }

    private Target target() {
        TargetSpec spec = new TargetSpec(
                "script",
                Map.of("DB", "${env:SLIPWAY_REF_DB}"),
                new Command(List.of("deploy.sh", "--fast"), LIMIT),
                new Command(List.of("running.sh"), LIMIT),
                new Migration(List.of("migrate.sh"), LIMIT, true),
                new Command(List.of("schema.sh"), LIMIT),
                new LinkedHashMap<>());
        return new ScriptTarget(
                spec, references, new ScriptFolder(home.resolve("scripts")), new ScriptRuns(home.resolve("runs")));
    }

    private static TargetContext context(int attempt) {
        return new TargetContext(
                RELEASE,
                STEP,
                attempt,
                false,
                "shop",
                "shop/production",
                "c0ffee",
                "c0ffee",
                "pkg:generic/shop@c0ffee",
                "green");
    }

    private void script(String name, String body) throws IOException {
        Path script = home.resolve("scripts").resolve(name);
        Files.writeString(script, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }
}
