package dev.slipway.backup.watchdog;

import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.watchdog.Trouble.Kind;
import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.Ids;
import dev.slipway.events.BackupRecovered;
import dev.slipway.events.EventData;
import dev.slipway.web.PageRequest;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// What is wrong now, one row each. It is told when the row comes and when it goes, whoever sees it in between.
@Singleton
public final class Troubles {
    private static final Logger LOG = Logger.getLogger(Troubles.class);

    private final Databases databases;
    private final EventWriter events;
    private final Clock clock;

    public Troubles(Databases databases, EventWriter events, Clock clock) {
        this.databases = databases;
        this.events = events;
        this.clock = clock;
    }

    /// What is wrong. @param subject a schedule's name, or empty; @param nextAct what to do about it
    public record Found(DatabaseKey database, Kind kind, String subject, String reason, String nextAct) {}

    /// Keeps that something is wrong.
    ///
    /// @param event what to tell when it is new, given the environment; null when that is told anyway
    /// @return whether it is new
    public boolean begin(Handle tx, Found found, @Nullable Function<String, EventData> event) {
        Optional<String> environment = databases.environment(tx, found.database());
        if (environment.isEmpty()) {
            return false;
        }
        Trouble trouble = new Trouble(
                found.database(),
                found.kind(),
                found.subject(),
                environment.get(),
                Ids.next(clock),
                now(),
                found.reason(),
                found.nextAct());
        boolean added = add(tx, trouble);
        if (added) {
            LOG.warnf(
                    "trouble %s database=%s subject=%s: %s",
                    found.kind().label(), found.database(), found.subject(), found.reason());
            if (event != null) {
                write(tx, trouble, event.apply(environment.get()));
            }
        }
        return added;
    }

    /// Tells of one more thing of a kind that may have begun before.
    public void tell(Handle tx, Found found, Function<String, EventData> event) {
        if (!begin(tx, found, event)) {
            find(tx, found.database(), found.kind(), found.subject())
                    .ifPresent(known -> write(tx, known, event.apply(known.environment())));
        }
    }

    /// Takes back what was wrong, if it was. @param detail what made it good
    public void end(Handle tx, DatabaseKey database, Kind kind, String subject, String detail) {
        remove(tx, database, kind, subject).ifPresent(trouble -> {
            LOG.infof("trouble over %s database=%s subject=%s: %s", kind.label(), database, subject, detail);
            write(
                    tx,
                    trouble,
                    new BackupRecovered(
                            database.application(),
                            database.name(),
                            trouble.environment(),
                            kind.label(),
                            subject.isEmpty() ? null : subject,
                            detail));
        });
    }

    /// Takes back everything that a good backup makes good.
    public void endByBackup(Handle tx, DatabaseKey database, UUID backup) {
        of(tx, database).stream()
                .filter(trouble -> trouble.kind() == Kind.FAILED || trouble.kind() == Kind.MISSED)
                .forEach(trouble ->
                        end(tx, database, trouble.kind(), trouble.subject(), "backup %s is proved".formatted(backup)));
    }

    /// What is wrong with one database now.
    public List<Trouble> of(Handle handle, DatabaseKey database) {
        return handle.createQuery("""
                        select * from trouble where application = :application and database = :name
                        order by since, kind, subject""").bindMethods(database).map(Troubles::read).list();
    }

    /// The schedules that start nothing.
    List<Trouble> inactive(Handle handle) {
        return handle.createQuery("select * from trouble where kind = 'inactive'")
                .map(Troubles::read)
                .list();
    }

    /// What is wrong now, by database. @param page after (application, database, kind, subject)
    List<Trouble> list(Handle handle, @Nullable String application, PageRequest page) {
        return handle.createQuery("""
                        select * from trouble
                        where (cast(:application as text) is null or application = :application)
                          and (:first or (application, database, kind, subject) > (:a, :b, :c, :d))
                        order by application, database, kind, subject limit :limit""")
                .bind("application", application)
                .bind("first", page.first())
                .bind("a", after(page, 0))
                .bind("b", after(page, 1))
                .bind("c", after(page, 2))
                .bind("d", after(page, 3))
                .bind("limit", page.fetch())
                .map(Troubles::read)
                .list();
    }

    private static String after(PageRequest page, int index) {
        return page.first() ? "" : page.after(index, text -> text);
    }

    private void write(Handle tx, Trouble trouble, EventData data) {
        String key = trouble.database().toString();
        String subject = trouble.subject().isEmpty() ? key : key + "/" + trouble.subject();
        events.write(tx, key, subject, trouble.chainId(), data);
    }

    private static boolean add(Handle tx, Trouble trouble) {
        return tx.createUpdate("""
                                insert into trouble (application, database, kind, subject, environment, chain_id, since,
                                    reason, next_act)
                                values (:application, :database, :kind, :subject, :environment, :chainId, :since,
                                    :reason, :nextAct)
                                on conflict do nothing""")
                        .bind("application", trouble.database().application())
                        .bind("database", trouble.database().name())
                        .bind("kind", trouble.kind().label())
                        .bind("subject", trouble.subject())
                        .bind("environment", trouble.environment())
                        .bind("chainId", trouble.chainId())
                        .bind("since", trouble.since())
                        .bind("reason", trouble.reason())
                        .bind("nextAct", trouble.nextAct())
                        .execute()
                == 1;
    }

    private static Optional<Trouble> find(Handle tx, DatabaseKey database, Kind kind, String subject) {
        return tx.createQuery("""
                        select * from trouble
                        where application = :application and database = :name and kind = :kind and subject = :subject""")
                .bindMethods(database)
                .bind("kind", kind.label())
                .bind("subject", subject)
                .map(Troubles::read)
                .findOne();
    }

    private static Optional<Trouble> remove(Handle tx, DatabaseKey database, Kind kind, String subject) {
        return tx.createQuery("""
                        delete from trouble
                        where application = :application and database = :name and kind = :kind and subject = :subject
                        returning *""")
                .bindMethods(database)
                .bind("kind", kind.label())
                .bind("subject", subject)
                .map(Troubles::read)
                .findOne();
    }

    private static Trouble read(ResultSet row, StatementContext context) throws SQLException {
        return new Trouble(
                new DatabaseKey(row.getString("application"), row.getString("database")),
                Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getString("subject"),
                row.getString("environment"),
                row.getObject("chain_id", UUID.class),
                row.getTimestamp("since").toInstant(),
                row.getString("reason"),
                row.getString("next_act"));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
