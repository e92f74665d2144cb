package dev.slipway.audit;

import dev.slipway.testkit.TestClock;
import dev.slipway.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;

/// A database with the two roles a service has, migrated by the owner, and a table of things under audit.
record ServiceStorage(Jdbi owner, Jdbi app, TestClock clock, String url) {
    private static final String OWNER = "thing_owner";
    private static final String APP = "thing_app";

    static ServiceStorage fresh() {
        TestDatabase database = TestDatabase.fresh();
        Jdbi admin = database.jdbi();
        admin.useHandle(handle -> {
            for (String role : List.of(OWNER, APP)) {
                handle.execute(
                        "do $$ begin create role %1$s login password '%1$s'; exception when duplicate_object then end $$"
                                .formatted(role));
            }
            handle.execute("alter database %s owner to %s".formatted(database.name(), OWNER));
            handle.execute("revoke all on schema public from public");
            handle.execute("grant all on schema public to " + OWNER);
            handle.execute("grant usage on schema public to " + APP);
            String forOwner = "alter default privileges for role " + OWNER + " in schema public grant ";
            handle.execute(forOwner + "select, insert, update, delete on tables to " + APP);
            handle.execute(forOwner + "usage, select, update on sequences to " + APP);
        });
        // The database's own URL names a user, which would win.
        String url = "jdbc:postgresql://localhost:%d/%s".formatted(TestDatabase.port(), database.name());
        Flyway.configure()
                .dataSource(url, OWNER, OWNER)
                .locations("db/audit")
                .load()
                .migrate();
        Jdbi owner = Jdbi.create(url, OWNER, OWNER);
        owner.useHandle(handle -> {
            handle.execute(
                    "create table thing (id int primary key, application text, colour text, secret text, seen int)");
            handle.execute("select audit_table('thing', 'thing', 'id', 'application', 'secret', 'seen')");
        });
        TestClock clock = TestClock.at("2026-03-01T10:00:00Z");
        Jdbi app = new Transactions(List.of(), clock).of(Jdbi.create(url, APP, APP));
        return new ServiceStorage(owner, app, clock, url);
    }

    Sealer sealer() {
        return new Sealer(app, new Refusals(clock), false, Duration.ofSeconds(1));
    }

    /// Each in a transaction of its own.
    void things(int from, int to) {
        for (int id = from; id <= to; id++) {
            int thing = id;
            app.useTransaction(tx -> tx.execute("insert into thing values (?, 'shop', 'red', 'hunter2', 0)", thing));
        }
    }
}
