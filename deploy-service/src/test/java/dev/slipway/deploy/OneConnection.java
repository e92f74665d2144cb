package dev.slipway.deploy;

import dev.slipway.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.jdbi.v3.core.Jdbi;

/// One connection for all: a story is one thread, and connecting is most of what its statements would cost.
record OneConnection(Connection connection, Jdbi jdbi) implements AutoCloseable {
    OneConnection(TestDatabase database) {
        this(connect(database));
    }

    private OneConnection(Connection connection) {
        this(connection, Jdbi.create(connection));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private static Connection connect(TestDatabase database) {
        try {
            return DriverManager.getConnection(database.url(), database.user(), database.password());
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
