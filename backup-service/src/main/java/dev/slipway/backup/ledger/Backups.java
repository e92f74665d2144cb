package dev.slipway.backup.ledger;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.slipway.events.EventCodec;
import dev.slipway.web.PageRequest;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// The table of backups.
@Singleton
public final class Backups {
    /// Adds a new one. @return false when one of this database is waiting for its turn already
    boolean add(Handle tx, Backup backup) {
        return tx.createUpdate("""
                                insert into backup (id, application, database, manifest, source, proof, requested_by,
                                    request_id, release, chain_id, requested_at, phase, state)
                                values (:id, :application, :database, :manifest, :source, :proof, :by,
                                    cast(:requestId as uuid), cast(:release as uuid), :chainId, :requestedAt, :phase, cast(:state as jsonb))
                                on conflict (application, database, source) where phase = 'pending' do nothing""")
                        .bind("id", backup.id())
                        .bind("application", backup.database().application())
                        .bind("database", backup.database().name())
                        .bind("manifest", backup.manifest())
                        .bind("source", backup.source())
                        .bind("proof", backup.proof().label())
                        .bind("by", backup.origin().by())
                        .bind("requestId", backup.origin().requestId())
                        .bind("release", backup.origin().release())
                        .bind("chainId", backup.origin().chainId())
                        .bind("requestedAt", backup.requestedAt())
                        .bind("phase", backup.state().phase().label())
                        .bind("state", json(backup.state()))
                        .execute()
                == 1;
    }

    /// Takes a backup in that another catalogue knew, unless it is known here.
    public void takeIn(Handle tx, Backup backup) {
        Archive archive = backup.state().archive();
        tx.createUpdate("""
                        insert into backup (id, application, database, manifest, source, proof, requested_by, chain_id,
                            requested_at, started_at, snapshot_at, phase, state)
                        values (:id, :application, :database, :manifest, :source, :proof, :by, :chainId, :requestedAt,
                            :startedAt, cast(:snapshotAt as timestamptz), :phase, cast(:state as jsonb))
                        on conflict do nothing""")
                .bind("id", backup.id())
                .bind("application", backup.database().application())
                .bind("database", backup.database().name())
                .bind("manifest", backup.manifest())
                .bind("source", backup.source())
                .bind("proof", backup.proof().label())
                .bind("by", backup.origin().by())
                .bind("chainId", backup.origin().chainId())
                .bind("requestedAt", backup.requestedAt())
                .bind("startedAt", backup.startedAt())
                .bind("snapshotAt", archive == null ? null : archive.snapshotAt())
                .bind("phase", backup.state().phase().label())
                .bind("state", json(backup.state()))
                .execute();
    }

    public Optional<Backup> find(Handle handle, UUID id) {
        return handle.createQuery("select * from backup where id = :id")
                .bind("id", id)
                .map(Backups::read)
                .findOne();
    }

    /// Those of these backups that are known here.
    public List<Backup> find(Handle handle, Collection<UUID> ids) {
        return handle.createQuery("select * from backup where id = any(:ids)")
                .bindArray("ids", UUID.class, ids.toArray())
                .map(Backups::read)
                .list();
    }

    /// What a location should hold: the completed backups that lie there by the catalogue.
    public List<Kept> keptIn(Handle handle, String location) {
        return handle.createQuery("""
                        select id, application, database, state #>> '{archive,packing,file}' as file,
                            (state #>> '{archive,sizeBytes}')::bigint as size,
                            state #>> '{archive,details,roles,file}' as roles
                        from backup
                        where phase = 'completed' and state #> '{archive,locations}' @> to_jsonb(cast(:location as text))
                        order by snapshot_at desc""")
                .bind("location", location)
                .map((row, _) -> new Kept(
                        row.getObject("id", UUID.class),
                        new DatabaseKey(row.getString("application"), row.getString("database")),
                        row.getString("file") == null ? Packing.FIRST_FILE : row.getString("file"),
                        row.getLong("size"),
                        row.getString("roles")))
                .list();
    }

    /// A backup as it should lie in a location.
    ///
    /// @param file name of the archive
    /// @param sizeBytes of the archive
    /// @param roles name of the file beside, if there is one
    public record Kept(
            UUID id,
            DatabaseKey database,
            String file,
            long sizeBytes,
            @Nullable String roles) {}

    /// One backup, held against changes, and against pins and holds, until the transaction ends.
    public Optional<Backup> lock(Handle tx, UUID id) {
        return tx.createQuery("select * from backup where id = :id for update")
                .bind("id", id)
                .map(Backups::read)
                .findOne();
    }

    /// What is not over yet of one database, newest first, held against changes until the transaction ends.
    public List<Backup> open(Handle tx, DatabaseKey database) {
        return tx.createQuery("""
                        select * from backup
                        where application = :application and database = :name
                          and phase in ('pending', 'running', 'verifying')
                        order by requested_at desc, id desc for update""").bindMethods(database).map(Backups::read).list();
    }

    /// The completed backups of one database whose snapshot is not older, newest first.
    public List<Backup> completedSince(Handle handle, DatabaseKey database, Instant snapshotFrom) {
        return handle.createQuery("""
                        select * from backup
                        where application = :application and database = :name
                          and phase = 'completed' and snapshot_at >= :from
                        order by snapshot_at desc""")
                .bindMethods(database)
                .bind("from", snapshotFrom)
                .map(Backups::read)
                .list();
    }

    /// The newest completed backup of a database that was proved by `proof` or better. Of the future there are none:
    /// their clock was wrong.
    ///
    /// @param source see [Backup#source()]
    public Optional<Backup> newestProved(
            Handle handle, DatabaseKey database, String source, ProofKind proof, Instant now) {
        return handle.createQuery("""
                        select * from backup
                        where application = :application and database = :name and source = :source
                          and phase = 'completed' and snapshot_at <= :now
                          and exists (select from jsonb_array_elements(state -> 'proofs') p
                              where p ->> 'kind' = any(:kinds))
                        order by snapshot_at desc limit 1""")
                .bindMethods(database)
                .bind("source", source)
                .bind("now", now)
                .bindArray(
                        "kinds",
                        String.class,
                        Arrays.stream(ProofKind.values())
                                .filter(kind -> kind.satisfies(proof))
                                .map(ProofKind::label)
                                .toArray())
                .map(Backups::read)
                .findOne();
    }

    /// Newest first. @param page after (time asked for, id)
    public List<Backup> list(Handle handle, @Nullable String application, @Nullable String database, PageRequest page) {
        return handle.createQuery("""
                        select * from backup
                        where (cast(:application as text) is null or application = :application)
                          and (cast(:database as text) is null or database = :database)
                          and (:first or (requested_at, id) < (:before, :id))
                        order by requested_at desc, id desc limit :limit""")
                .bind("application", application)
                .bind("database", database)
                .bind("first", page.first())
                .bind("before", page.first() ? Instant.EPOCH : page.after(0, Instant::parse))
                .bind("id", page.first() ? new UUID(0, 0) : page.after(1, UUID::fromString))
                .bind("limit", page.fetch())
                .map(Backups::read)
                .list();
    }

    /// Of these backups, the ones that are known here, over, and not being drilled.
    public Set<UUID> over(Handle handle, Collection<UUID> ids) {
        return Set.copyOf(handle.createQuery("""
                        select id from backup b
                        where id = any(:ids) and phase in ('completed', 'failed', 'cancelled', 'expired')
                          and not exists (select from drill d where d.backup = b.id and d.state = 'running')""")
                .bindArray("ids", UUID.class, ids.toArray())
                .mapTo(UUID.class)
                .list());
    }

    /// How many bytes the dumps of the newest completed backups of a database had before they were compressed.
    ///
    /// @param but the one that is compared with them; @param source see [Backup#source()]
    public List<Long> sizes(Handle handle, DatabaseKey database, String source, UUID but, int most) {
        return handle
                .createQuery("""
                        select * from backup
                        where application = :application and database = :name and source = :source
                          and phase = 'completed' and id <> :but
                        order by snapshot_at desc limit :most""")
                .bindMethods(database)
                .bind("source", source)
                .bind("but", but)
                .bind("most", most)
                .map(Backups::read)
                .list()
                .stream()
                .map(backup ->
                        requireNonNull(backup.state().archive()).packing().plainBytes())
                .toList();
    }

    /// Whether another dump of the same database runs.
    boolean anotherRuns(Handle tx, Backup backup) {
        return tx.createQuery("""
                        select exists (select from backup
                            where application = :application and database = :name and phase = 'running' and id <> :id)""")
                .bindMethods(backup.database())
                .bind("id", backup.id())
                .mapTo(Boolean.class)
                .one();
    }

    /// Writes a new state over the one that was seen. @return empty when somebody changed it meanwhile
    Optional<Backup> update(Handle tx, Backup seen, BackupState to, Instant now) {
        Archive archive = to.archive();
        return tx.createQuery("""
                        update backup set state = cast(:state as jsonb), phase = :phase, version = version + 1,
                            snapshot_at = cast(:snapshotAt as timestamptz),
                            started_at = case when :phase = 'running' then coalesce(started_at, :now) else started_at end
                        where id = :id and version = :version
                        returning *""")
                .bind("state", json(to))
                .bind("phase", to.phase().label())
                .bind("snapshotAt", archive == null ? null : archive.snapshotAt())
                .bind("now", now)
                .bind("id", seen.id())
                .bind("version", seen.version())
                .map(Backups::read)
                .findOne();
    }

    /// Lets a waiting backup be taken by another manifest and for another proof.
    void join(Handle tx, Backup pending, String manifest, ProofKind proof) {
        tx.createUpdate("""
                        update backup set manifest = :manifest, proof = :proof, version = version + 1
                        where id = :id and version = :version""")
                .bind("manifest", manifest)
                .bind("proof", proof.label())
                .bind("id", pending.id())
                .bind("version", pending.version())
                .execute();
    }

    private static Backup read(ResultSet row, StatementContext context) throws SQLException {
        Timestamp startedAt = row.getTimestamp("started_at");
        return new Backup(
                row.getObject("id", UUID.class),
                new DatabaseKey(row.getString("application"), row.getString("database")),
                row.getString("manifest"),
                row.getString("source"),
                ProofKind.ofLabel(row.getString("proof")).orElseThrow(),
                new Origin(
                        row.getString("requested_by"),
                        row.getObject("request_id", UUID.class),
                        row.getObject("release", UUID.class),
                        row.getObject("chain_id", UUID.class)),
                row.getTimestamp("requested_at").toInstant(),
                startedAt == null ? null : startedAt.toInstant(),
                row.getLong("version"),
                state(row.getString("state")));
    }

    static String json(BackupState state) {
        try {
            return EventCodec.json().writeValueAsString(state);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be stored: " + state, e);
        }
    }

    static BackupState state(String json) {
        try {
            return EventCodec.json().readValue(json, BackupState.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored state cannot be read: " + e.getOriginalMessage(), e);
        }
    }
}
