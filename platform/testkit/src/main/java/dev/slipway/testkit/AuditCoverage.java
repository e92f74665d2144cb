package dev.slipway.testkit;

import java.time.Instant;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/// What of a service has to be under audit: every table it keeps, with few exceptions.
public final class AuditCoverage {
    private AuditCoverage() {}

    /// The tables whose changes leave no row in the audit.
    public static Set<String> tablesWithoutAudit(Jdbi jdbi) {
        return jdbi.withHandle(
                handle -> handle.createQuery("""
                        select c.relname from pg_class c
                        where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
                          and not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'audit')""").mapTo(String.class).set());
    }

    /// Puts an event into the inbox that no attempt could apply. @return its id among the dead letters
    public static long deadLetter(Jdbi jdbi) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        insert into inbox (source, event_id, topic, "partition", "offset", key, type, received_at, state,
                                           next_attempt_at, reason)
                        values ('/test', cast(gen_random_uuid() as text), 'slipway.releases', 0, 0,
                                cast(gen_random_uuid() as text), 'test', :at, 'dead', :at, 'cannot be')
                        returning seq""")
                .bind("at", Instant.EPOCH)
                .mapTo(Long.class)
                .one());
    }

    /// Tables that need none: the audit itself, what is on its way in and out, the schema's history, and how far work
    /// is that goes on.
    public static Set<String> withoutAuditAnywhere() {
        return Set.of(
                "audit",
                "audit_seal",
                "audit_head",
                "audit_cut",
                "outbox",
                "flyway_schema_history",
                "idempotency",
                "backup_progress");
    }
}
