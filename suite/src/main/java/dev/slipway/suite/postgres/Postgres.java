package dev.slipway.suite.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/// The one PostgreSQL server of a suite, for whoever may do everything there: the launcher, and stories that need
/// databases of their own. Never given to a service.
public final class Postgres {
    public static final String HOST = "127.0.0.1";
    public static final String SUPERUSER = "postgres";

    private final int port;
    private final String password;

    Postgres(int port, String password) {
        this.port = port;
        this.password = password;
    }

    public int port() {
        return port;
    }

    /// Without user and password.
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + HOST + ":" + port + "/" + database;
    }

    /// A connection as superuser.
    public Connection connect(String database) throws SQLException {
        return connect(database, SUPERUSER, password);
    }

    public Connection connect(String database, String user, String secret) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", secret);
        return DriverManager.getConnection(jdbcUrl(database), properties);
    }

    /// Where it is and nothing else: the password stays out of logs.
    @Override
    public String toString() {
        return jdbcUrl("postgres");
    }
}
