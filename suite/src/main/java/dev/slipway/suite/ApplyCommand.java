package dev.slipway.suite;

import dev.slipway.events.Catalogue;
import dev.slipway.suite.apply.ApplyManifest;
import dev.slipway.suite.apply.ManifestFault;
import dev.slipway.suite.apply.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Gives manifests to the four services.
@Command(
        name = "apply",
        description = {
            "Checks manifests at all four services and, when all agree, gives them to each. May be repeated.",
            "The token comes from SLIPWAY_TOKEN, else from the data folder of the suite on this machine.",
            "SLIPWAY_URLS may name the services: deploy-service=http://…,backup-service=http://…"
        },
        mixinStandardHelpOptions = true)
final class ApplyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Manifests, one application each.")
    private List<Path> files;

    @Option(names = "--dry-run", description = "Only checks.")
    private boolean dryRun;

    @Option(names = "--deploy-url", paramLabel = "URL")
    private @Nullable URI deploy;

    @Option(names = "--backup-url", paramLabel = "URL")
    private @Nullable URI backup;

    @Option(names = "--monitor-url", paramLabel = "URL")
    private @Nullable URI monitor;

    @Option(names = "--notify-url", paramLabel = "URL")
    private @Nullable URI notices;

    private final Map<String, String> environment;

    ApplyCommand(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Integer call() throws IOException {
        ApplyManifest apply = new ApplyManifest(urls(), token());
        boolean fine = true;
        for (Path file : files) {
            if (!Files.isReadable(file)) {
                throw new SuiteFailure("cannot read " + file);
            }
            fine &= tell(file.toString(), apply.apply(Files.readAllBytes(file), dryRun));
        }
        return fine ? 0 : 1;
    }

    /// Options win over the environment, which wins over the ports of `up`.
    private Map<String, URI> urls() {
        String fromEnvironment = environment.get("SLIPWAY_URLS");
        Map<String, URI> urls = new LinkedHashMap<>();
        for (String service : SuiteOptions.SERVICES) {
            urls.put(service, URI.create("http://127.0.0.1:" + Ports.fixed().of(service)));
        }
        if (fromEnvironment != null && !fromEnvironment.isBlank()) {
            for (String entry : fromEnvironment.split(",", -1)) {
                String[] pair = entry.strip().split("=", 2);
                if (pair.length < 2 || !urls.containsKey(pair[0])) {
                    throw new SuiteFailure("SLIPWAY_URLS: '%s' is not <service>=<url> of one of %s"
                            .formatted(entry.strip(), SuiteOptions.SERVICES));
                }
                urls.put(pair[0], URI.create(pair[1]));
            }
        }
        Optional.ofNullable(deploy).ifPresent(url -> urls.put(Catalogue.DEPLOY, url));
        Optional.ofNullable(backup).ifPresent(url -> urls.put(Catalogue.BACKUP, url));
        Optional.ofNullable(monitor).ifPresent(url -> urls.put(Catalogue.MONITOR, url));
        Optional.ofNullable(notices).ifPresent(url -> urls.put(Catalogue.NOTIFY, url));
        return urls;
    }

    private String token() throws IOException {
        String fromEnvironment = environment.get("SLIPWAY_TOKEN");
        if (fromEnvironment != null && !fromEnvironment.isBlank()) {
            return fromEnvironment.strip();
        }
        return BootstrapTokens.local(data.folder())
                .orElseThrow(() -> new SuiteFailure(
                        "no token: set SLIPWAY_TOKEN, or start a suite on this machine with ./slipway up"));
    }

    private boolean tell(String file, Outcome outcome) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        return switch (outcome) {
            case Outcome.Agreed agreed -> {
                out.println(file + ": all four services agree with the manifest of " + agreed.application());
                yield true;
            }
            case Outcome.Applied applied -> {
                out.println(file + ": all four services hold the manifest of " + applied.application() + ", version "
                        + applied.hash());
                yield true;
            }
            case Outcome.Refused refused -> {
                print(file, refused.faults(), err);
                err.println(file + ": nothing was changed");
                yield false;
            }
            case Outcome.Partly partly -> {
                print(file, partly.faults(), err);
                err.println(file + ": only " + partly.holders() + " took it, apply it again");
                yield false;
            }
        };
    }

    private static void print(String file, List<ManifestFault> faults, PrintWriter err) {
        faults.forEach(fault -> err.println(fault.render(file)));
    }
}
