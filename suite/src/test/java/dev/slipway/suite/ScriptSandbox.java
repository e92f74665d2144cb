package dev.slipway.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A machine as `./slipway` sees it: a copy of the script beside a project without sources, a PATH that holds the plain
/// tools of a system and whatever a test puts there, and JDKs made of a few lines of shell.
final class ScriptSandbox {
    private static final List<String> PLAIN_TOOLS = List.of(
            "bash",
            "cat",
            "cp",
            "dirname",
            "env",
            "find",
            "grep",
            "mkdir",
            "mv",
            "readlink",
            "rm",
            "sed",
            "sh",
            "sleep",
            "tail",
            "touch");

    private final Path root;
    private final Path tools;
    private final Path jvms;
    private final Map<String, String> environment = new LinkedHashMap<>();

    /// What came of one call.
    record Result(int status, String out, String err) {}

    ScriptSandbox(Path folder) throws IOException {
        root = Files.createDirectories(folder.resolve("project"));
        tools = Files.createDirectories(folder.resolve("bin"));
        jvms = Files.createDirectories(folder.resolve("jvm"));
        Files.copy(Path.of("../slipway"), root.resolve("slipway"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(root.resolve("suite/src/main"));
        Files.writeString(root.resolve("suite/src/main/Some.java"), "class Some {}");
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        for (String tool : PLAIN_TOOLS) {
            tool(tool, "exec " + find(tool) + " \"$@\"");
        }
        environment.put("PATH", tools.toString());
        environment.put("HOME", folder.toString());
        environment.put("SLIPWAY_JVM_DIRS", jvms.toString());
        asUser(1000);
    }

    /// Everything there is to be found, and a Maven that makes what the script looks for.
    static ScriptSandbox complete(Path folder) throws IOException {
        ScriptSandbox sandbox = new ScriptSandbox(folder);
        sandbox.jdk("temurin-25", 25);
        sandbox.workingMaven();
        sandbox.postgresClient();
        return sandbox;
    }

    Path root() {
        return root;
    }

    Path jvms() {
        return jvms;
    }

    ScriptSandbox set(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /// A JDK whose `java` prints how it was called.
    Path jdk(String name, int version) throws IOException {
        Path home = Files.createDirectories(jvms.resolve(name).resolve("bin")).getParent();
        executable(home.resolve("bin/javac"), "exit 0");
        executable(
                home.resolve("bin/java"), "echo \"java of " + name + "\"; for word in \"$@\"; do echo \"$word\"; done");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Sandbox\"\nJAVA_VERSION=\"" + version + ".0.1\"\n");
        return home;
    }

    void tool(String name, String script) throws IOException {
        executable(tools.resolve(name), script);
    }

    void asUser(int uid) throws IOException {
        tool("id", "echo " + uid);
    }

    void workingMaven() throws IOException {
        tool("mvn", """
                echo "maven $*" >>"%1$s/maven.calls"
                cd "%1$s"
                for service in deploy backup monitor notify; do
                    mkdir -p $service-service/target/quarkus-app
                    touch $service-service/target/quarkus-app/quarkus-run.jar
                done
                mkdir -p suite/target/lib demo/target/lib trials/target/lib
                """.formatted(root));
    }

    void postgresClient() throws IOException {
        for (String program : List.of("pg_dump", "pg_restore", "psql")) {
            tool(program, "exit 0");
        }
    }

    /// The calls of Maven so far.
    List<String> builds() throws IOException {
        Path calls = root.resolve("maven.calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    Result slipway(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(root.resolve("slipway").toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("slipway", ".out");
        Path err = Files.createTempFile("slipway", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("./slipway does not end");
        }
        Result result = new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        Files.delete(out);
        Files.delete(err);
        return result;
    }

    private static void executable(Path file, String script) throws IOException {
        Files.deleteIfExists(file);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path find(String tool) {
        for (String folder : List.of("/usr/bin", "/bin", "/usr/local/bin", "/opt/homebrew/bin")) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return Path.of(folder, tool);
            }
        }
        throw new AssertionError("this system has no " + tool);
    }
}
