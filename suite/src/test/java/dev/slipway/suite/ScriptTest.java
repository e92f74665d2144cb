package dev.slipway.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script `./slipway` by itself: what it finds, says and hands over.
class ScriptTest {
    @TempDir
    private Path folder;

    @Test
    void shouldTellItsCommands() throws Exception {
        var result = new ScriptSandbox(folder).slipway("help");

        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("demo", "up [--fresh]", "down", "apply FILE...", "test", "help");
    }

    @Test
    void shouldRefuseAnUnknownCommandWithTheHelp() throws Exception {
        var result = new ScriptSandbox(folder).slipway("launch");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).startsWith("slipway: there is no command 'launch'\n./slipway COMMAND");
        assertThat(new ScriptSandbox(folder.resolve("none")).slipway().status()).isEqualTo(2);
    }

    @Test
    void shouldSayInOneLineHowToGetAJdk() throws Exception {
        ScriptSandbox sandbox = new ScriptSandbox(folder);
        sandbox.jdk("old", 17);

        var result = sandbox.slipway("up");

        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err()).contains("no JDK 25 found", "JAVA_HOME");
    }

    @Test
    void shouldSayInOneLineHowToGetMaven() throws Exception {
        ScriptSandbox sandbox = new ScriptSandbox(folder);
        sandbox.jdk("temurin-25", 25);

        var result = sandbox.slipway("demo");

        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err()).contains("no Maven found", "apt-get install maven");
    }

    @Test
    void shouldSayHowToGetAClientItMayNotInstall() throws Exception {
        ScriptSandbox sandbox = new ScriptSandbox(folder);
        sandbox.jdk("temurin-25", 25);
        sandbox.workingMaven();
        sandbox.tool("apt-get", "echo called >>\"" + folder + "/apt.calls\"");

        var result = sandbox.slipway("up");

        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err().lines().toList().getLast())
                .contains("no PostgreSQL client", "apt-get install postgresql-client");
        assertThat(folder.resolve("apt.calls")).doesNotExist();
        assertThat(sandbox.builds()).isEmpty();
    }

    @Test
    void shouldInstallTheClientQuietlyAsRoot() throws Exception {
        ScriptSandbox sandbox = ScriptSandbox.complete(folder);
        Files.delete(folder.resolve("bin/pg_dump"));
        sandbox.asUser(0);
        sandbox.tool(
                "apt-get",
                "echo noise; echo \"$*\" >>" + folder + "/apt.calls; case \"$*\" in *postgresql-client*)" + " cp "
                        + folder + "/bin/psql " + folder + "/bin/pg_dump ;; esac");

        var result = sandbox.slipway("up");

        assertThat(result.status()).isZero();
        assertThat(result.out() + result.err()).doesNotContain("noise");
        assertThat(Files.readString(folder.resolve("apt.calls")).strip()).isEqualTo("install -y -q postgresql-client");
    }

    @Test
    void shouldPreferJdk25ToANewerOne() throws Exception {
        ScriptSandbox sandbox = ScriptSandbox.complete(folder);
        Path newer = sandbox.jdk("a-28", 28);

        assertThat(sandbox.set("JAVA_HOME", newer.toString()).slipway("up").out())
                .startsWith("java of temurin-25");

        Files.delete(sandbox.jvms().resolve("temurin-25/release"));
        Files.delete(sandbox.jvms().resolve("temurin-25/bin/javac"));

        assertThat(sandbox.slipway("up").out()).startsWith("java of a-28");
    }

    @Test
    void shouldHandOverWithTheArgumentsAsTheyAre() throws Exception {
        ScriptSandbox sandbox = ScriptSandbox.complete(folder);

        var up = sandbox.slipway("up", "--data", "a folder");
        var demo = sandbox.slipway("demo", "--quiet");

        assertThat(up.out().lines())
                .contains("-Dslipway.home=" + sandbox.root(), "dev.slipway.suite.Slipway")
                .endsWith("up", "--data", "a folder");
        assertThat(demo.out().lines()).endsWith("dev.slipway.demo.Demo", "--quiet");
    }

    @Test
    void shouldBuildOnceAndAgainOnlyWhenSourcesChanged() throws Exception {
        ScriptSandbox sandbox = ScriptSandbox.complete(folder);

        var first = sandbox.slipway("up");
        sandbox.slipway("up");

        assertThat(first.err()).contains("building Slipway").contains(".slipway/build/build.log");
        assertThat(sandbox.builds()).hasSize(1);
        assertThat(sandbox.builds().getFirst()).contains("-Dquick", "-DskipTests", "package");

        Files.setLastModifiedTime(
                sandbox.root().resolve("suite/src/main/Some.java"),
                FileTime.from(Instant.now().plusSeconds(5)));
        sandbox.slipway("apply", "slipway.yaml");
        assertThat(sandbox.builds()).hasSize(1);

        sandbox.slipway("up");
        assertThat(sandbox.builds()).hasSize(2);
    }

    @Test
    void shouldShowTheEndOfTheLogOfABuildThatFails() throws Exception {
        ScriptSandbox sandbox = ScriptSandbox.complete(folder);
        sandbox.tool("mvn", "echo '[INFO] fine so far'; echo '[ERROR] a bracket is missing'; exit 1");

        var result = sandbox.slipway("up");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .contains("[ERROR] a bracket is missing", "slipway: the build failed", "build.log")
                .doesNotContain("fine so far");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void shouldRunEveryTestWithoutATerminal() throws Exception {
        ScriptSandbox sandbox = ScriptSandbox.complete(folder);
        sandbox.tool("mvn", "echo \"maven $* with $JAVA_HOME\"; echo 'Tests run: 3, Failures: 1'; exit 1");

        var result = sandbox.slipway("test");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out())
                .contains("verify with " + sandbox.jvms().resolve("temurin-25"))
                .contains("Tests run: 3, Failures: 1");
    }

    @Test
    void shouldNotBuildAgainWhatTheTestsHaveBuilt() throws Exception {
        ScriptSandbox sandbox = ScriptSandbox.complete(folder);

        sandbox.slipway("test");
        sandbox.slipway("up");

        assertThat(sandbox.builds()).hasSize(1);
        assertThat(sandbox.builds().getFirst()).endsWith("verify");
    }

    @Test
    void shouldBuildAfterTestsOfAPart() throws Exception {
        ScriptSandbox sandbox = ScriptSandbox.complete(folder);

        sandbox.slipway("test", "-pl", "events");
        sandbox.slipway("up");

        assertThat(sandbox.builds()).hasSize(2);
    }
}
