package dev.slipway.suite;

import dev.slipway.events.Catalogue;
import dev.slipway.suite.postgres.Postgres;
import dev.slipway.suite.postgres.ServiceDatabase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The environment variables a service is configured by: the same names here and in `docker-compose.yml`. Secrets
/// travel this way alone, never on a command line.
final class ServiceEnvironment {
    /// What a program of this machine needs from the launcher's own environment; nothing else is passed on.
    private static final List<String> INHERITED = List.of("PATH", "HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "TZ");

    private final SuiteOptions options;
    private final DataFolder data;
    private final String bootstrapServers;
    private final Map<String, ServiceDatabase> databases;

    ServiceEnvironment(
            SuiteOptions options, DataFolder data, String bootstrapServers, Map<String, ServiceDatabase> databases) {
        this.options = options;
        this.data = data;
        this.bootstrapServers = bootstrapServers;
        this.databases = Map.copyOf(databases);
    }

    /// What every program of the suite gets.
    static Map<String, String> inherited() {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String name : INHERITED) {
            String value = System.getenv(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        return environment;
    }

    Map<String, String> of(Replica replica) {
        Map<String, String> environment = inherited();
        environment.putAll(settings(replica));
        environment.putAll(access(options.access()));
        environment.putAll(options.environment());
        return environment;
    }

    private Map<String, String> settings(Replica replica) {
        ServiceDatabase database = databases.get(replica.service());
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        settings.put("QUARKUS_HTTP_PORT", Integer.toString(options.ports().of(replica)));
        settings.put(
                "QUARKUS_DATASOURCE_JDBC_URL",
                "jdbc:postgresql://" + Postgres.HOST + ":" + options.ports().postgres() + "/" + database.name());
        settings.put("QUARKUS_DATASOURCE_USERNAME", database.app());
        settings.put("QUARKUS_DATASOURCE_PASSWORD", database.appPassword());
        settings.put("QUARKUS_FLYWAY_USERNAME", database.owner());
        settings.put("QUARKUS_FLYWAY_PASSWORD", database.ownerPassword());
        settings.put("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        // Everything stands on this machine, so requests of manifests have to come back to it.
        settings.put("SLIPWAY_GUARDS_OPEN_NETWORKS", "127.0.0.0/8,::1/128");
        // A service that comes back under its name has its partitions at once.
        settings.put("SLIPWAY_REPLICA", Integer.toString(replica.number()));
        switch (replica.service()) {
            case Catalogue.DEPLOY -> {
                settings.put("SLIPWAY_SCRIPTS_DIR", options.scripts().toString());
                settings.put("SLIPWAY_RUNS_DIR", data.runs().toString());
            }
            case Catalogue.BACKUP ->
                settings.put("SLIPWAY_BACKUPS_DIR", data.backups().toString());
            case Catalogue.NOTIFY -> {
                settings.put("QUARKUS_MAILER_HOST", "127.0.0.1");
                settings.put("QUARKUS_MAILER_PORT", "25");
                settings.put("QUARKUS_MAILER_FROM", "slipway@localhost");
            }
            default -> {
                // monitor-service needs no more than all of them.
            }
        }
        return settings;
    }

    static Map<String, String> access(List<AccessToken> tokens) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (int index = 0; index < tokens.size(); index++) {
            AccessToken token = tokens.get(index);
            String prefix = "SLIPWAY_ACCESS_TOKENS_" + index + "__";
            variables.put(prefix + "NAME", token.name());
            variables.put(prefix + "SHA256", token.sha256());
            variables.put(prefix + "ROLES", String.join(",", token.roles()));
            variables.put(prefix + "PERSON", token.person());
            if (!token.aliases().isEmpty()) {
                variables.put(prefix + "ALIASES", String.join(",", token.aliases()));
            }
        }
        return variables;
    }
}
