package dev.slipway.deploy.gate;

import dev.slipway.deploy.plan.Answers;
import dev.slipway.events.EventData;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// What the backup gate asked backup-service, by the id the answer carries.
@Singleton
public final class BackupQuestions {
    private static final String GATE = "backup";

    /// @param answer absent while there is none
    public record BackupQuestion(
            UUID id,
            UUID release,
            Instant askedAt,
            Instant deadline,
            @Nullable EventData answer) {}

    Optional<BackupQuestion> latest(Handle tx, UUID release) {
        return tx.createQuery("""
                        select * from gate_question where release = :release and gate = :gate
                        order by asked_at desc, id desc limit 1""")
                .bind("release", release)
                .bind("gate", GATE)
                .map((rs, _) -> question(rs))
                .findOne();
    }

    Optional<BackupQuestion> byId(Handle tx, UUID id) {
        return tx.createQuery("select * from gate_question where id = :id and gate = :gate")
                .bind("id", id)
                .bind("gate", GATE)
                .map((rs, _) -> question(rs))
                .findOne();
    }

    void add(Handle tx, BackupQuestion question) {
        tx.createUpdate("""
                        insert into gate_question (id, release, gate, asked_at, deadline)
                        values (:id, :release, :gate, :askedAt, :deadline)""").bindMethods(question).bind("gate", GATE).execute();
    }

    /// Keeps the answer; the first one counts. @return whether it was taken
    boolean answer(Handle tx, UUID id, EventData answer) {
        return tx.createUpdate("""
                                update gate_question set answer = cast(:answer as jsonb)
                                where id = :id and answer is null""")
                        .bind("id", id)
                        .bind("answer", Answers.write(answer))
                        .execute()
                == 1;
    }

    private static BackupQuestion question(ResultSet rs) throws SQLException {
        String answer = rs.getString("answer");
        return new BackupQuestion(
                rs.getObject("id", UUID.class),
                rs.getObject("release", UUID.class),
                rs.getTimestamp("asked_at").toInstant(),
                rs.getTimestamp("deadline").toInstant(),
                answer == null ? null : Answers.read(answer));
    }
}
