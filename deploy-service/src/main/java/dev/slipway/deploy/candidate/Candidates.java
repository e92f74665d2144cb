package dev.slipway.deploy.candidate;

import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The candidates in the database.
@Singleton
public final class Candidates {

    /// Stores a candidate unless its application has one of the same artifact.
    ///
    /// @return whether it is new
    public boolean add(Handle tx, Candidate candidate) {
        return tx.createUpdate("""
                                insert into candidate (id, application, version, commit, branch, artifact, requester,
                                                       author, run_url, accepted_at)
                                values (:id, :application, :version, :commit, :branch, :artifact, :requester,
                                        :author, :runUrl, :acceptedAt)
                                on conflict (application, artifact) do nothing""").bindMethods(candidate).execute() == 1;
    }

    /// The candidate with an artifact that [#add] found there already.
    UUID ofArtifact(Handle tx, String application, String artifact) {
        return tx.createQuery("select id from candidate where application = :application and artifact = :artifact")
                .bind("application", application)
                .bind("artifact", artifact)
                .mapTo(UUID.class)
                .one();
    }

    /// The candidate a run spoke for.
    Optional<UUID> ofBuild(Handle tx, String application, Build build) {
        return tx.createQuery("""
                        select candidate from build
                        where application = :application and provider = :provider and repository = :repository
                          and run = :run and attempt = :attempt""")
                .bind("application", application)
                .bindMethods(build)
                .mapTo(UUID.class)
                .findOne();
    }

    /// Remembers that a run spoke for a candidate.
    void addBuild(Handle tx, String application, Build build, UUID candidate) {
        tx.createUpdate("""
                        insert into build (application, provider, repository, run, attempt, candidate)
                        values (:application, :provider, :repository, :run, :attempt, :candidate)
                        on conflict do nothing""")
                .bind("application", application)
                .bind("candidate", candidate)
                .bindMethods(build)
                .execute();
    }

    public Optional<Candidate> byId(Handle tx, UUID id) {
        return tx.createQuery("select * from candidate where id = :id")
                .bind("id", id)
                .map((rs, _) -> new Candidate(
                        rs.getObject("id", UUID.class),
                        rs.getString("application"),
                        rs.getString("version"),
                        rs.getString("commit"),
                        rs.getString("branch"),
                        rs.getString("artifact"),
                        rs.getString("requester"),
                        rs.getString("author"),
                        rs.getString("run_url"),
                        rs.getTimestamp("accepted_at").toInstant()))
                .findOne();
    }
}
