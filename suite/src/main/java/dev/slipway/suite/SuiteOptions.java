package dev.slipway.suite;

import dev.slipway.events.Catalogue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// What a suite is started with.
///
/// @param home the project's folder, where the built services are
/// @param data where everything it keeps goes; locked while the suite runs
/// @param fresh deletes what earlier runs kept in `data`
/// @param environment more variables for all four services: `SLIPWAY_REF_*`, which manifests refer to, or
/// settings
/// @param access the tokens the services accept
/// @param scripts the only folder deploy-service runs scripts from
/// @param readyWithin how long each part may take to be ready
/// @param tell gets one line for everything worth knowing: what is ready, what died, what is started again
/// @param replicas processes per service, up to [#MOST_REPLICAS]; with 0 Kafka and PostgreSQL stand alone
/// @param programs command lines instead of the built services', for tests of the launcher itself
public record SuiteOptions(
        Path home,
        Path data,
        Ports ports,
        boolean fresh,
        Map<String, String> environment,
        List<AccessToken> access,
        Path scripts,
        Duration readyWithin,
        Consumer<String> tell,
        int replicas,
        Map<String, List<String>> programs) {
    /// The four services, in the order they are told of.
    public static final List<String> SERVICES =
            List.of(Catalogue.DEPLOY, Catalogue.BACKUP, Catalogue.MONITOR, Catalogue.NOTIFY);

    public static final int MOST_REPLICAS = 9;

    public SuiteOptions {
        if (replicas < 0 || replicas > MOST_REPLICAS) {
            throw new IllegalArgumentException(
                    "a service has 0 to %d replicas, not %d".formatted(MOST_REPLICAS, replicas));
        }
        ports = ports.forReplicas(replicas);
        environment = Map.copyOf(environment);
        access = List.copyOf(access);
        programs = Map.copyOf(programs);
    }

    /// A suite on free ports that keeps what it finds in its folder and tells nothing.
    public static SuiteOptions in(Path home, Path data) {
        return new SuiteOptions(
                home.toAbsolutePath().normalize(),
                data.toAbsolutePath().normalize(),
                Ports.free(),
                false,
                Map.of(),
                List.of(),
                data.toAbsolutePath().normalize().resolve("scripts"),
                Duration.ofSeconds(120),
                _ -> {},
                1,
                Map.of());
    }

    public SuiteOptions withPorts(Ports newPorts) {
        return new SuiteOptions(
                home, data, newPorts, fresh, environment, access, scripts, readyWithin, tell, replicas, programs);
    }

    public SuiteOptions withFresh(boolean newFresh) {
        return new SuiteOptions(
                home, data, ports, newFresh, environment, access, scripts, readyWithin, tell, replicas, programs);
    }

    /// Adds variables to those given so far.
    public SuiteOptions withEnvironment(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(environment);
        all.putAll(more);
        return new SuiteOptions(home, data, ports, fresh, all, access, scripts, readyWithin, tell, replicas, programs);
    }

    public SuiteOptions withAccess(List<AccessToken> tokens) {
        return new SuiteOptions(
                home, data, ports, fresh, environment, tokens, scripts, readyWithin, tell, replicas, programs);
    }

    public SuiteOptions withAccess(AccessToken... tokens) {
        return withAccess(List.of(tokens));
    }

    public SuiteOptions withScripts(Path folder) {
        return new SuiteOptions(
                home,
                data,
                ports,
                fresh,
                environment,
                access,
                folder.toAbsolutePath().normalize(),
                readyWithin,
                tell,
                replicas,
                programs);
    }

    public SuiteOptions withReadyWithin(Duration limit) {
        return new SuiteOptions(
                home, data, ports, fresh, environment, access, scripts, limit, tell, replicas, programs);
    }

    public SuiteOptions withTell(Consumer<String> listener) {
        return new SuiteOptions(
                home, data, ports, fresh, environment, access, scripts, readyWithin, listener, replicas, programs);
    }

    /// How many processes each service has; they share its database, its scripts' runs and its backups.
    public SuiteOptions withReplicas(int count) {
        return new SuiteOptions(
                home, data, ports, fresh, environment, access, scripts, readyWithin, tell, count, programs);
    }

    SuiteOptions withPrograms(Map<String, List<String>> commands) {
        return new SuiteOptions(
                home, data, ports, fresh, environment, access, scripts, readyWithin, tell, replicas, commands);
    }
}
