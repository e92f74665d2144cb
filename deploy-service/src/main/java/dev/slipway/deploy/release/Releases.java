package dev.slipway.deploy.release;

import dev.slipway.deploy.plan.Answers;
import dev.slipway.deploy.release.ReleaseState.Settled;
import dev.slipway.events.RollbackRequested;
import dev.slipway.web.PageRequest;
import dev.slipway.web.Problem;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// The releases in the database. Whoever changes one has locked it in the same transaction, and names the revision the
/// change was decided on.
@Singleton
public final class Releases {

    /// Stores a new release.
    public void add(Handle tx, Release release) {
        tx.createUpdate("""
                        insert into release (id, application, environment, candidate, kind, version, commit, artifact,
                                             requester, author, manifest, number, phase, state, created_at, started_at,
                                             settled_at, target, previous)
                        values (:id, :application, :environment, :candidate, :kind, :version, :commit, :artifact,
                                :requester, :author, :manifest, cast(:number as int), :phase, cast(:json as jsonb),
                                :createdAt, cast(:startedAt as timestamptz), cast(:settledAt as timestamptz), :target,
                                cast(:previous as uuid))""")
                .bindMethods(release)
                .bind("phase", release.state().phase())
                .bind("json", ReleaseStates.write(release.state()))
                .execute();
    }

    public Optional<Release> byId(Handle tx, UUID id) {
        return one(tx.createQuery("select * from release where id = :id").bind("id", id));
    }

    /// The release, which nobody else changes until the transaction ends.
    ///
    /// Its due work is locked first, because the transaction that ends a piece of work has that lock already
    /// when it comes here: the other way round two hands would wait for one another.
    public Optional<Release> lock(Handle tx, UUID id) {
        tx.createQuery("select id from work where id = :id and kind in (:gates, :step) order by kind for update")
                .bind("id", id.toString())
                .bind("gates", ReleaseWork.GATES)
                .bind("step", ReleaseWork.STEP)
                .mapTo(String.class)
                .list();
        return one(tx.createQuery("select * from release where id = :id for update")
                .bind("id", id));
    }

    /// @throws Problem 404 when there is none
    public Release existing(Handle tx, UUID id) {
        return byId(tx, id).orElseThrow(() -> Problem.notFound("release", id));
    }

    /// The release of the same candidate in another environment of the application.
    public Optional<Release> ofCandidate(Handle tx, UUID candidate, String environment) {
        return one(tx.createQuery("""
                        select * from release
                        where candidate = :candidate and environment = :environment and kind = 'normal'""").bind("candidate", candidate).bind("environment", environment));
    }

    /// Releases of an environment that wait to be started, in the order they came.
    public List<Release> waiting(Handle tx, String application, String environment) {
        return list(tx.createQuery("""
                        select * from release
                        where application = :application and environment = :environment
                          and started_at is null and settled_at is null
                        order by created_at, id""").bind("application", application).bind("environment", environment));
    }

    /// The newest first.
    ///
    /// @param page sorted by creation time and id
    public List<Release> page(
            Handle tx,
            @Nullable String application,
            @Nullable String environment,
            @Nullable String phase,
            PageRequest page) {
        Instant before = page.first() ? null : page.after(0, Instant::parse);
        UUID id = page.first() ? null : page.after(1, UUID::fromString);
        return list(tx.createQuery("""
                        select * from release
                        where (cast(:application as text) is null or application = :application)
                          and (cast(:environment as text) is null or environment = :environment)
                          and (cast(:phase as text) is null or phase = :phase)
                          and (cast(:before as timestamptz) is null
                               or (created_at, id) < (cast(:before as timestamptz), cast(:id as uuid)))
                        order by created_at desc, id desc limit :limit""")
                .bind("application", application)
                .bind("environment", environment)
                .bind("phase", phase)
                .bind("before", before)
                .bind("id", id)
                .bind("limit", page.fetch()));
    }

    /// Puts a release into its next state.
    void move(Handle tx, Release from, ReleaseState next, Instant now) {
        int changed = tx.createUpdate("""
                        update release set state = cast(:state as jsonb), phase = :phase, revision = revision + 1,
                            settled_at = cast(:settled as timestamptz)
                        where id = :id and revision = :revision""")
                .bind("state", ReleaseStates.write(next))
                .bind("phase", next.phase())
                .bind("settled", next instanceof Settled ? now : null)
                .bind("id", from.id())
                .bind("revision", from.revision())
                .execute();
        if (changed != 1) {
            throw new IllegalStateException(
                    "release %s is not at revision %d any more".formatted(from.id(), from.revision()));
        }
    }

    /// What is known once a release has taken its environment.
    void start(Handle tx, UUID id, int number, String target, @Nullable UUID previous, Instant now) {
        tx.createUpdate("""
                        update release set number = :number, target = :target, previous = cast(:previous as uuid),
                            started_at = :now
                        where id = :id""")
                .bind("id", id)
                .bind("number", number)
                .bind("target", target)
                .bind("previous", previous)
                .bind("now", now)
                .execute();
    }

    /// Maintenance mode was seen switched on; a second time changes nothing.
    public void maintenanceOn(Handle tx, UUID id, Instant since) {
        tx.createUpdate("update release set maintenance_since = coalesce(maintenance_since, :since) where id = :id")
                .bind("id", id)
                .bind("since", since)
                .execute();
    }

    /// Maintenance mode was seen switched off: what it took is added to the downtime.
    public void maintenanceOff(Handle tx, UUID id, Instant at) {
        Optional<Instant> since = byId(tx, id).map(Release::maintenanceSince);
        since.ifPresent(began -> tx.createUpdate("""
                        update release set maintenance_since = null, downtime_ms = coalesce(downtime_ms, 0) + :millis
                        where id = :id""")
                .bind("id", id)
                .bind("millis", Duration.between(began, at).toMillis())
                .execute());
    }

    public void schemaVersion(Handle tx, UUID id, String version) {
        tx.createUpdate("update release set schema_version = :version where id = :id")
                .bind("id", id)
                .bind("version", version)
                .execute();
    }

    /// Keeps what the watch said when it called the release back.
    public void calledBack(Handle tx, UUID id, RollbackRequested said) {
        tx.createUpdate("update release set called_back = cast(:said as jsonb) where id = :id")
                .bind("id", id)
                .bind("said", Answers.write(said))
                .execute();
    }

    /// What the watch said when it called the release back; empty when it did not.
    public Optional<RollbackRequested> calledBack(Handle tx, UUID id) {
        return tx.createQuery("select called_back from release where id = :id and called_back is not null")
                .bind("id", id)
                .mapTo(String.class)
                .findOne()
                .map(json -> (RollbackRequested) Answers.read(json));
    }

    private static Optional<Release> one(Query query) {
        return query.map((rs, _) -> release(rs)).findOne();
    }

    private static List<Release> list(Query query) {
        return query.map((rs, _) -> release(rs)).list();
    }

    private static Release release(ResultSet rs) throws SQLException {
        Long downtime = rs.getObject("downtime_ms", Long.class);
        return new Release(
                rs.getObject("id", UUID.class),
                rs.getString("application"),
                rs.getString("environment"),
                rs.getObject("candidate", UUID.class),
                rs.getString("kind"),
                rs.getString("version"),
                rs.getString("commit"),
                rs.getString("artifact"),
                rs.getString("requester"),
                rs.getString("author"),
                rs.getString("manifest"),
                rs.getObject("number", Integer.class),
                rs.getLong("revision"),
                ReleaseStates.read(rs.getString("state")),
                rs.getTimestamp("created_at").toInstant(),
                instant(rs, "started_at"),
                instant(rs, "settled_at"),
                rs.getString("target"),
                rs.getObject("previous", UUID.class),
                rs.getString("schema_version"),
                instant(rs, "maintenance_since"),
                downtime == null ? null : Duration.ofMillis(downtime));
    }

    private static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
        Timestamp time = rs.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
