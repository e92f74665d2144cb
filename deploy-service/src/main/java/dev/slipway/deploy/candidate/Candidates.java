package dev.slipway.deploy.candidate;

import dev.slipway.web.PageRequest;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/// The candidates in the database.
@Singleton
public final class Candidates {

    /// Stores a candidate unless its application has one of the same artifact.
    ///
    /// @return whether it is new
    public boolean add(Handle tx, Candidate candidate) {
        return tx.createUpdate("""
                                insert into candidate (id, application, version, commit, branch, artifact, requester,
                                                       author, involved, run_url, accepted_at)
                                values (:id, :application, :version, :commit, :branch, :artifact, :requester,
                                        :author, :people, :runUrl, :acceptedAt)
                                on conflict (application, artifact) do nothing""")
                        .bindMethods(candidate)
                        .bindArray("people", String.class, candidate.involved())
                        .execute()
                == 1;
    }

    /// What makes a candidate one of its application's.
    record Artifact(String application, String url) {
        static Artifact of(Candidate candidate) {
            return new Artifact(candidate.application(), candidate.artifact());
        }
    }

    /// A CI run as an application hears of it.
    record Run(String application, String provider, long repository, long run, int attempt) {
        Run(String application, Build build) {
            this(application, build.provider(), build.repository(), build.run(), build.attempt());
        }

        private static final Comparator<Run> ORDER = Comparator.comparing(Run::application)
                .thenComparing(Run::provider)
                .thenComparing(Run::repository)
                .thenComparing(Run::run)
                .thenComparing(Run::attempt);
    }

    /// Stores candidates except those whose application has one of the same artifact. Everybody stores in
    /// the same order, so that no two transactions wait for one another.
    ///
    /// @return the ids of those that are new
    Set<UUID> addAll(Handle tx, List<Candidate> candidates) {
        if (candidates.isEmpty()) {
            return Set.of();
        }
        List<Candidate> sorted = candidates.stream()
                .sorted(Comparator.comparing(Candidate::application).thenComparing(Candidate::artifact))
                .toList();
        return tx.createQuery("""
                        insert into candidate (id, application, version, commit, branch, artifact, requester, author,
                                               involved, run_url, accepted_at)
                        select cast(id as uuid), application, version, commit, branch, artifact, requester, author,
                               string_to_array(involved, chr(10)), run_url, cast(accepted_at as timestamptz)
                        from unnest(cast(:ids as text[]), cast(:applications as text[]), cast(:versions as text[]),
                                    cast(:commits as text[]), cast(:branches as text[]), cast(:artifacts as text[]),
                                    cast(:requesters as text[]), cast(:authors as text[]), cast(:involved as text[]),
                                    cast(:urls as text[]), cast(:times as text[]))
                             as fresh (id, application, version, commit, branch, artifact, requester, author, involved,
                                       run_url, accepted_at)
                        on conflict (application, artifact) do nothing returning id""")
                .bindArray("ids", String.class, column(sorted, Candidate::id))
                .bindArray("applications", String.class, column(sorted, Candidate::application))
                .bindArray("versions", String.class, column(sorted, Candidate::version))
                .bindArray("commits", String.class, column(sorted, Candidate::commit))
                .bindArray("branches", String.class, column(sorted, Candidate::branch))
                .bindArray("artifacts", String.class, column(sorted, Candidate::artifact))
                .bindArray("requesters", String.class, column(sorted, Candidate::requester))
                .bindArray("authors", String.class, column(sorted, Candidate::author))
                .bindArray("involved", String.class, column(sorted, made -> String.join("\n", made.involved())))
                .bindArray("urls", String.class, column(sorted, Candidate::runUrl))
                .bindArray("times", String.class, column(sorted, Candidate::acceptedAt))
                .mapTo(UUID.class)
                .set();
    }

    /// The candidates with artifacts that [#addAll] found there already.
    Map<Artifact, UUID> ofArtifacts(Handle tx, List<Artifact> artifacts) {
        if (artifacts.isEmpty()) {
            return Map.of();
        }
        return tx
                .createQuery("""
                        select c.application, c.artifact, c.id
                        from unnest(cast(:applications as text[]), cast(:artifacts as text[]))
                             as wanted (application, artifact)
                        cross join lateral (
                            select * from candidate
                            where application = wanted.application and artifact = wanted.artifact limit 1) c""")
                .bindArray("applications", String.class, column(artifacts, Artifact::application))
                .bindArray("artifacts", String.class, column(artifacts, Artifact::url))
                .map((row, _) -> Map.entry(
                        new Artifact(row.getString("application"), row.getString("artifact")),
                        row.getObject("id", UUID.class)))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, _) -> one));
    }

    /// The candidates that runs spoke for.
    Map<Run, UUID> ofRuns(Handle tx, List<Run> runs) {
        return bindRuns(tx.createQuery("""
                        select b.* from unnest(cast(:applications as text[]), cast(:providers as text[]),
                                               cast(:repositories as bigint[]), cast(:runs as bigint[]),
                                               cast(:attempts as int[]))
                                        as wanted (application, provider, repository, run, attempt)
                        cross join lateral (
                            select * from build
                            where application = wanted.application and provider = wanted.provider
                              and repository = wanted.repository and run = wanted.run and attempt = wanted.attempt
                            limit 1) b"""), runs)
                .map((row, _) -> Map.entry(
                        new Run(
                                row.getString("application"),
                                row.getString("provider"),
                                row.getLong("repository"),
                                row.getLong("run"),
                                row.getInt("attempt")),
                        row.getObject("candidate", UUID.class)))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, _) -> one));
    }

    /// Remembers which candidates runs spoke for.
    void addRuns(Handle tx, Map<Run, UUID> candidates) {
        if (candidates.isEmpty()) {
            return;
        }
        List<Run> sorted = candidates.keySet().stream().sorted(Run.ORDER).toList();
        bindRuns(tx.createUpdate("""
                        insert into build (application, provider, repository, run, attempt, candidate)
                        select * from unnest(cast(:applications as text[]), cast(:providers as text[]),
                                             cast(:repositories as bigint[]), cast(:runs as bigint[]),
                                             cast(:attempts as int[]), cast(:candidates as uuid[]))
                        on conflict do nothing"""), sorted)
                .bindArray("candidates", String.class, column(sorted, candidates::get))
                .execute();
    }

    private static <S extends SqlStatement<S>> S bindRuns(S statement, List<Run> runs) {
        return statement
                .bindArray("applications", String.class, column(runs, Run::application))
                .bindArray("providers", String.class, column(runs, Run::provider))
                .bindArray("repositories", String.class, column(runs, Run::repository))
                .bindArray("runs", String.class, column(runs, Run::run))
                .bindArray("attempts", String.class, column(runs, Run::attempt));
    }

    /// PostgreSQL reads all these types from text.
    private static <T> @Nullable String[] column(List<T> rows, Function<T, @Nullable Object> member) {
        return rows.stream()
                .map(member)
                .map(value -> value == null ? null : value.toString())
                .toArray(String[]::new);
    }

    /// Remembers that new candidates have no release yet.
    public void markDue(Handle tx, List<Candidate> candidates) {
        if (!candidates.isEmpty()) {
            tx.createUpdate("""
                            insert into candidate_due (application, candidate)
                            select * from unnest(cast(:applications as text[]), cast(:ids as uuid[]))""")
                    .bindArray("applications", String.class, column(candidates, Candidate::application))
                    .bindArray("ids", String.class, column(candidates, Candidate::id))
                    .execute();
        }
    }

    /// The newest of an application's candidates that have no release yet; none of them is due any more.
    /// It passes the others over, which is noted with them.
    public Optional<Candidate> takeNewestDue(Handle tx, String application) {
        return tx.createQuery("""
                        with taken as (
                            delete from candidate_due where application = :application returning candidate),
                        newest as (
                            select * from candidate where id = any(array(select candidate from taken))
                            order by accepted_at desc, id desc limit 1),
                        others as (
                            update candidate set passed_over_by = (select id from newest)
                            where id = any(array(select candidate from taken)) and id <> (select id from newest))
                        select * from newest""")
                .bind("application", application)
                .map((rs, _) -> candidate(rs))
                .findOne();
    }

    public Optional<Candidate> byId(Handle tx, UUID id) {
        return tx.createQuery("select * from candidate where id = :id")
                .bind("id", id)
                .map((rs, _) -> candidate(rs))
                .findOne();
    }

    /// A page of candidates, the newest first: their ids sort by the time they were made.
    List<CandidateView> page(Handle tx, @Nullable String application, @Nullable String commit, PageRequest request) {
        UUID before = request.first() ? null : request.after(0, UUID::fromString);
        return tx.createQuery("""
                        select * from candidate
                        where (cast(:application as text) is null or application = :application)
                          and (cast(:commit as text) is null or commit = :commit)
                          and (cast(:before as uuid) is null or id < cast(:before as uuid))
                        order by id desc limit :fetch""")
                .bind("application", application)
                .bind("commit", commit)
                .bindByType("before", before, UUID.class)
                .bind("fetch", request.fetch())
                .map((rs, _) -> CandidateView.of(candidate(rs), rs.getObject("passed_over_by", UUID.class)))
                .list();
    }

    private static Candidate candidate(ResultSet rs) throws SQLException {
        return new Candidate(
                rs.getObject("id", UUID.class),
                rs.getString("application"),
                rs.getString("version"),
                rs.getString("commit"),
                rs.getString("branch"),
                rs.getString("artifact"),
                rs.getString("requester"),
                rs.getString("author"),
                List.of((String[]) rs.getArray("involved").getArray()),
                rs.getString("run_url"),
                rs.getTimestamp("accepted_at").toInstant());
    }
}
