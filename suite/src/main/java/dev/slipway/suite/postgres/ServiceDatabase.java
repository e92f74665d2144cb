package dev.slipway.suite.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// A service's own database with its two roles: the owner migrates and prunes, the app role reads and writes rows.
/// Nobody else may connect.
///
/// @param name of the database; the roles are named after it
public record ServiceDatabase(String name, String ownerPassword, String appPassword) {
    public ServiceDatabase {
        if (!name.matches("[a-z_]+")) {
            throw new IllegalArgumentException("not a name for a database: " + name);
        }
    }

    public String owner() {
        return name + "_owner";
    }

    public String app() {
        return name + "_app";
    }

    /// Creates what is missing and sets the passwords; repeatable. `docker/postgres/create-databases.sh` does the same
    /// in containers.
    void create(Postgres server) throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            role(statement, owner(), ownerPassword);
            role(statement, app(), appPassword);
            if (!exists(statement, "select 1 from pg_database where datname = '" + name + "'")) {
                statement.execute("create database " + name + " owner " + owner());
            }
            statement.execute("revoke all on database " + name + " from public");
            statement.execute("grant connect on database " + name + " to " + app());
        }
        try (Connection connection = server.connect(name);
                Statement statement = connection.createStatement()) {
            for (String grant : grants()) {
                statement.execute(grant);
            }
        }
    }

    private List<String> grants() {
        String forOwner = "alter default privileges for role " + owner() + " in schema public ";
        return List.of(
                "revoke all on schema public from public",
                "grant usage on schema public to " + app(),
                forOwner + "grant select, insert, update, delete on tables to " + app(),
                forOwner + "grant usage, select, update on sequences to " + app());
    }

    private static void role(Statement statement, String role, String password) throws SQLException {
        if (!exists(statement, "select 1 from pg_roles where rolname = '" + role + "'")) {
            statement.execute("create role " + role + " login");
        }
        // DDL takes no parameters; the passwords are made by the launcher from letters, digits, - and _.
        statement.execute("alter role " + role + " password '" + password.replace("'", "''") + "'");
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }

    @Override
    public String toString() {
        return "ServiceDatabase[" + name + "]";
    }
}
