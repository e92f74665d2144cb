package dev.slipway.deploy.access;

import dev.slipway.web.Page;
import dev.slipway.web.PageRequest;
import dev.slipway.web.Problem;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/// The tokens in the database.
@Singleton
final class AccessTokens {

    /// @return false when a token of that name is in use
    boolean add(Handle tx, AccessToken token) {
        return bind(tx.createUpdate("""
                        insert into access_token (id, revision, name, sha256, roles, person, aliases, lifetime_s, issued_at,
                                                  issued_by, expires_at)
                        values (:id, :revision, :name, :sha256, :roles, :person, :aliases, :lifetime, :issuedAt,
                                :issuedBy, :expiresAt)
                        on conflict (name) where not ended do nothing"""), token).execute() == 1;
    }

    void change(Handle tx, AccessToken token) {
        AccessToken.Previous previous = token.previous();
        AccessToken.Revocation revoked = token.revoked();
        bind(tx.createUpdate("""
                        update access_token
                        set revision = :revision, sha256 = :sha256, expires_at = :expiresAt,
                            previous_sha256 = :previousSha256, previous_until = :previousUntil,
                            revoked_at = :revokedAt, revoked_by = :revokedBy, revoke_reason = :revokeReason,
                            ended = ended or cast(:revokedBy as text) is not null
                        where id = :id"""), token)
                .bindByType("previousSha256", previous == null ? null : previous.sha256(), String.class)
                .bindByType("previousUntil", previous == null ? null : previous.until(), Instant.class)
                .bindByType("revokedAt", revoked == null ? null : revoked.at(), Instant.class)
                .bindByType("revokedBy", revoked == null ? null : revoked.by(), String.class)
                .bindByType("revokeReason", revoked == null ? null : revoked.reason(), String.class)
                .execute();
    }

    /// Gives its name free.
    void end(Handle tx, UUID id) {
        tx.execute("update access_token set ended = true where id = ?", id);
    }

    Optional<AccessToken> find(Handle tx, UUID id) {
        return tx.createQuery("select * from access_token where id = :id")
                .bind("id", id)
                .map((row, _) -> token(row))
                .findOne();
    }

    /// @throws Problem 404
    AccessToken lock(Handle tx, UUID id) {
        return tx.createQuery("select * from access_token where id = :id for update")
                .bind("id", id)
                .map((row, _) -> token(row))
                .findOne()
                .orElseThrow(() -> Problem.notFound("token", id));
    }

    /// The newest first.
    Page<AccessToken> page(Handle tx, @Nullable String person, PageRequest request) {
        Instant before = request.first() ? null : request.after(0, Instant::parse);
        UUID beforeId = request.first() ? null : request.after(1, UUID::fromString);
        List<AccessToken> fetched = tx.createQuery("""
                        select * from access_token
                        where (cast(:person as text) is null or person = :person)
                          and (cast(:before as timestamptz) is null or (issued_at, id) < (:before, cast(:beforeId as uuid)))
                        order by issued_at desc, id desc limit :fetch""")
                .bind("person", person)
                .bindByType("before", before, Instant.class)
                .bindByType("beforeId", beforeId, UUID.class)
                .bind("fetch", request.fetch())
                .map((row, _) -> token(row))
                .list();
        return Page.of(
                fetched,
                request,
                last -> List.of(last.issuedAt().toString(), last.id().toString()));
    }

    private static <S extends SqlStatement<S>> S bind(S statement, AccessToken token) {
        return statement
                .bind("id", token.id())
                .bind("revision", token.revision())
                .bind("name", token.name())
                .bind("sha256", token.sha256())
                .bindArray("roles", String.class, token.roles())
                .bind("person", token.person())
                .bindArray("aliases", String.class, token.aliases())
                .bind("lifetime", token.lifetime().toSeconds())
                .bind("issuedAt", token.issuedAt())
                .bind("issuedBy", token.issuedBy())
                .bind("expiresAt", token.expiresAt());
    }

    private static AccessToken token(ResultSet row) throws SQLException {
        String previous = row.getString("previous_sha256");
        Timestamp revoked = row.getTimestamp("revoked_at");
        return new AccessToken(
                row.getObject("id", UUID.class),
                row.getLong("revision"),
                row.getString("name"),
                row.getString("sha256"),
                previous == null
                        ? null
                        : new AccessToken.Previous(
                                previous, row.getTimestamp("previous_until").toInstant()),
                texts(row.getArray("roles")),
                row.getString("person"),
                texts(row.getArray("aliases")),
                Duration.ofSeconds(row.getLong("lifetime_s")),
                row.getTimestamp("issued_at").toInstant(),
                row.getString("issued_by"),
                row.getTimestamp("expires_at").toInstant(),
                revoked == null
                        ? null
                        : new AccessToken.Revocation(
                                revoked.toInstant(), row.getString("revoked_by"), row.getString("revoke_reason")));
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
