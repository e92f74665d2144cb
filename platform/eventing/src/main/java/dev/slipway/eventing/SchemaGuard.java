package dev.slipway.eventing;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Keeps a program away from a schema it does not know: while a newer replica has migrated the database already, the
/// older one takes no more work. What it had begun it ends; what it is asked it answers.
@Singleton
final class SchemaGuard {
    private static final Logger LOG = Logger.getLogger(SchemaGuard.class);

    /// How long an answer counts. A migration is rare, and the question is asked before every turn of every loop.
    private static final Duration ANSWER_HOLDS = Duration.ofSeconds(1);

    private final Jdbi jdbi;
    private final Clock clock;
    private final Set<String> known;
    private volatile @Nullable Answer last;

    private record Answer(Instant at, Set<String> unknown) {}

    @Inject
    SchemaGuard(Jdbi jdbi, Clock clock, Flyway flyway) {
        this(jdbi, clock, versionsOf(flyway));
    }

    /// @param known versions of the migrations that belong to this program
    SchemaGuard(Jdbi jdbi, Clock clock, Set<String> known) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.known = Set.copyOf(known);
    }

    /// Versions in the database that this program does not know; empty when it may work.
    Set<String> unknown() {
        Instant now = clock.instant();
        Answer answer = last;
        if (answer == null || !now.isBefore(answer.at().plus(ANSWER_HOLDS))) {
            Answer next = new Answer(now, ask());
            if (!next.unknown().isEmpty() && (answer == null || answer.unknown().isEmpty())) {
                LOG.warnf("event=schema_newer unknown=%s: takes no more work", next.unknown());
            }
            last = next;
            return next.unknown();
        }
        return answer.unknown();
    }

    boolean mayWork() {
        return unknown().isEmpty();
    }

    private Set<String> ask() {
        List<String> applied = jdbi.withHandle(handle -> handle.createQuery(
                        "select version from flyway_schema_history where success and version is not null")
                .mapTo(String.class)
                .list());
        return applied.stream()
                .map(SchemaGuard::plain)
                .filter(version -> !known.contains(version))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> versionsOf(Flyway flyway) {
        return Arrays.stream(flyway.info().all())
                .filter(migration -> migration.getState().isResolved())
                .map(MigrationInfo::getVersion)
                .filter(Objects::nonNull)
                .map(MigrationVersion::getVersion)
                .map(SchemaGuard::plain)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// A file may say `V0_1` where the history says `0.1`.
    private static String plain(String version) {
        return version.replace('_', '.');
    }
}
