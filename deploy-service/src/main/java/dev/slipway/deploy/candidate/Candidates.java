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
