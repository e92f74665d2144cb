package dev.slipway.trials.events;

import dev.slipway.suite.postgres.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jdbi.v3.core.ConnectionFactory;

/// Connections to one database that are used again, as a service's pool has them.
final class Connections implements ConnectionFactory, AutoCloseable {
    private final Postgres server;
    private final String database;
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

    Connections(Postgres server, String database) {
        this.server = server;
        this.database = database;
    }

    @Override
    public Connection openConnection() throws SQLException {
        Connection used = idle.poll();
        return used == null ? server.connect(database) : used;
    }

    @Override
    public void closeConnection(Connection connection) {
        idle.push(connection);
    }

    @Override
    public void close() throws SQLException {
        for (Connection each = idle.poll(); each != null; each = idle.poll()) {
            each.close();
        }
    }
}
