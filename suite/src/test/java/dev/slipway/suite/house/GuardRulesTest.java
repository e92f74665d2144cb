package dev.slipway.suite.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What leaves a service does so by the guarded ways.
class GuardRulesTest {
    private static final Path ROOT = Path.of("..");

    /// A shell with the script it is to run, as the source has it.
    private static final Pattern SHELL =
            Pattern.compile("\"(?:[a-z/]*/)?(?:sh|bash|dash|zsh|ksh)\"\\s*,\\s*\"-\\w*c\"\\s*,\\s*([^\\s,;)]+)");

    private static final Pattern CONSTANT = Pattern.compile("[A-Z][A-Z0-9_]*");

    /// Methods that open a connection to wherever a URL says.
    private static final Map<String, Set<String>> CONNECT = Map.of(
            "java.net.http.HttpClient", Set.of("newHttpClient", "newBuilder"),
            "java.net.URL", Set.of("openConnection", "openStream", "getContent"),
            "io.vertx.core.Vertx", Set.of("createHttpClient", "createNetClient", "httpClientBuilder"),
            "io.vertx.ext.web.client.WebClient", Set.of("create", "wrap"),
            "io.vertx.mutiny.core.Vertx", Set.of("createHttpClient", "createNetClient"));

    @Test
    void shouldSendRequestsByTheGuardedClientOnly() {
        noClasses()
                .that()
                .resideInAnyPackage(insideServices())
                .and()
                .resideOutsideOfPackage("dev.slipway.outbound..")
                .should()
                .accessTargetWhere(describe("opens a connection past the guard", GuardRulesTest::connects))
                .because("OutboundHttp asks only addresses that may be asked")
                .check(Module.everything());
    }

    @Test
    void shouldStillSeeTheGuardedClientConnect() {
        assertThat(Module.everything().get("dev.slipway.outbound.OutboundHttp").getAccessesFromSelf())
                .as("what the rule looks for is what the client does")
                .anyMatch(GuardRulesTest::connects);
    }

    @Test
    void shouldStartProgramsByTheirArguments() {
        noClasses()
                .should()
                .accessTargetWhere(describe(
                        "hands a command line over as one text",
                        access -> access.getTargetOwner().isEquivalentTo(Runtime.class)
                                && access.getTarget().getName().equals("exec")))
                .check(Module.everything());
    }

    /// A shell may run a script of ours that takes its values as arguments; a script put together from values never.
    @Test
    void shouldGiveShellsOnlyFixedScripts() throws IOException {
        List<String> scripts = sources().stream()
                .flatMap(file -> SHELL.matcher(read(file)).results())
                .map(found -> found.group(1))
                .toList();

        assertThat(scripts)
                .isNotEmpty()
                .allMatch(script -> CONSTANT.matcher(script).matches());
    }

    private static boolean connects(JavaAccess<?> access) {
        return access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
                && CONNECT.getOrDefault(target.getOwner().getName(), Set.of()).contains(target.getName());
    }

    private static String[] insideServices() {
        return Stream.of(Module.SERVICES, Module.EVENTS, Module.PLATFORM)
                .flatMap(List::stream)
                .map(Module::packages)
                .toArray(String[]::new);
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (Module module : Stream.of(Module.SERVICES, Module.PLATFORM)
                .flatMap(List::stream)
                .toList()) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module.folder()).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        return sources;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
