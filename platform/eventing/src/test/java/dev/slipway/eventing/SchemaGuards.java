package dev.slipway.eventing;

import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/// Guards of a program that knows the schema as it is now.
final class SchemaGuards {
    private SchemaGuards() {}

    static SchemaGuard knowing(Jdbi jdbi, Clock clock) {
        return new SchemaGuard(jdbi, clock, versions(jdbi));
    }

    static Set<String> versions(Jdbi jdbi) {
        return new HashSet<>(jdbi.withHandle(
                handle -> handle.createQuery("select version from flyway_schema_history where version is not null")
                        .mapTo(String.class)
                        .list()));
    }
}
