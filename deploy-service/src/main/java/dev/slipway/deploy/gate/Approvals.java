package dev.slipway.deploy.gate;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The approvals in the database: one per role, each by another person.
@Singleton
public final class Approvals {

    public List<Approval> of(Handle tx, UUID release) {
        return tx.createQuery("select * from approval where release = :release order by at, role")
                .bind("release", release)
                .map((rs, _) -> new Approval(
                        rs.getString("role"),
                        rs.getString("person"),
                        rs.getString("artifact"),
                        rs.getString("note"),
                        rs.getTimestamp("at").toInstant()))
                .list();
    }

    void add(Handle tx, UUID release, Approval approval) {
        tx.createUpdate("""
                        insert into approval (release, role, person, artifact, note, at)
                        values (:release, :role, :person, :artifact, :note, :at)""").bind("release", release).bindMethods(approval).execute();
    }
}
