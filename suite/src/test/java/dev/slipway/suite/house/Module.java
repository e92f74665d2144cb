package dev.slipway.suite.house;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A Maven module of the project and the classes it was compiled to.
///
/// @param folder from the project's root
/// @param name of its root package
record Module(String folder, String name) {
    static final List<Module> EVENTS = List.of(new Module("events", "dev.slipway.events"));
    static final List<Module> PLATFORM = List.of(
            new Module("platform/audit", "dev.slipway.audit"),
            new Module("platform/telemetry", "dev.slipway.telemetry"),
            new Module("platform/idempotency", "dev.slipway.idempotency"),
            new Module("platform/eventing", "dev.slipway.eventing"),
            new Module("platform/web", "dev.slipway.web"),
            new Module("platform/access", "dev.slipway.access"),
            new Module("platform/inbox", "dev.slipway.inbox"),
            new Module("platform/manifest", "dev.slipway.manifest"),
            new Module("platform/outbound", "dev.slipway.outbound"),
            new Module("platform/testkit", "dev.slipway.testkit"));
    static final List<Module> SERVICES = List.of(
            new Module("deploy-service", "dev.slipway.deploy"),
            new Module("backup-service", "dev.slipway.backup"),
            new Module("monitor-service", "dev.slipway.monitor"),
            new Module("notify-service", "dev.slipway.notify"));

    /// What stands outside the services and uses them.
    static final List<Module> LAUNCHER =
            List.of(new Module("suite", "dev.slipway.suite"), new Module("demo", "dev.slipway.demo"));

    /// What measures and breaks the suite; it may also look inside what the services stand on.
    static final List<Module> TRIALS = List.of(new Module("trials", "dev.slipway.trials"));

    private static final Path ROOT = Path.of("..");
    private static final Pattern LISTED = Pattern.compile("<module>([^<]+)</module>");

    /// Built after this module: the rules hold what was compiled before.
    private static final Set<String> BUILT_LATER = Set.of("demo", "trials");

    private static JavaClasses everything;

    static Module of(String name) {
        return all().stream()
                .filter(module -> module.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    static List<String> folders() {
        return all().stream().map(Module::folder).toList();
    }

    static List<String> inRootPom() {
        try {
            return LISTED.matcher(Files.readString(ROOT.resolve("pom.xml")))
                    .results()
                    .map(result -> result.group(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The classes of all modules.
    /// @throws AssertionError when a module has sources but no classes: a rule over nothing would always hold
    static synchronized JavaClasses everything() {
        if (everything == null) {
            everything = new ClassFileImporter()
                    .importPaths(all().stream()
                            .filter(Module::isToBeChecked)
                            .map(Module::output)
                            .toList());
        }
        return everything;
    }

    JavaClasses classes() {
        return isToBeChecked()
                ? new ClassFileImporter().importPaths(List.of(output()))
                : new ClassFileImporter().importPaths(List.of());
    }

    /// As ArchUnit writes a package with everything below it.
    String packages() {
        return name + "..";
    }

    @Override
    public String toString() {
        return folder;
    }

    private Path output() {
        return ROOT.resolve(folder).resolve("target/classes");
    }

    private boolean isToBeChecked() {
        boolean compiled = has(output(), ".class");
        if (!compiled
                && !BUILT_LATER.contains(folder)
                && has(ROOT.resolve(folder).resolve("src/main/java"), ".java")) {
            throw new AssertionError(
                    folder + " is not compiled: build all modules (./slipway test), or this one first");
        }
        return compiled;
    }

    private static boolean has(Path folder, String ending) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(ending));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Module> all() {
        List<Module> all = new ArrayList<>(EVENTS);
        all.addAll(PLATFORM);
        all.addAll(SERVICES);
        all.addAll(LAUNCHER);
        all.addAll(TRIALS);
        return all;
    }
}
