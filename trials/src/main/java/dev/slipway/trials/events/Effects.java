package dev.slipway.trials.events;

import dev.slipway.suite.postgres.Postgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// The table both ways end in.
final class Effects {
    static final String SAID_IN = "slipway_deploy";
    static final String HEARD_IN = "slipway_notify";
    static final String INSERT = "insert into bench_effect (event_id, number) values (?, ?)";

    private final Postgres server;

    Effects(Postgres server) {
        this.server = server;
    }

    void create() throws SQLException {
        try (Connection database = server.connect(HEARD_IN);
                Statement statement = database.createStatement()) {
            statement.execute("create table bench_effect (event_id uuid primary key, number int not null)");
        }
    }

    long count() throws SQLException {
        try (Connection database = server.connect(HEARD_IN);
                Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from bench_effect")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
