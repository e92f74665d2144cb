package dev.slipway.backup.postgres;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the migrations of a database stand, as the tools people use for them write it down.
final class SchemaVersion {
    /// The table a tool keeps → how to read the newest version in it.
    private static final Map<String, String> TOOLS = new LinkedHashMap<>();

    static {
        TOOLS.put("flyway_schema_history", """
                SELECT version FROM %s WHERE success AND version IS NOT NULL ORDER BY installed_rank DESC LIMIT 1""");
        TOOLS.put("databasechangelog", "SELECT id FROM %s ORDER BY orderexecuted DESC LIMIT 1");
        TOOLS.put("schema_migrations", "SELECT max(version::text) FROM %s");
        TOOLS.put("alembic_version", "SELECT string_agg(version_num, ',' ORDER BY version_num) FROM %s");
        TOOLS.put("_prisma_migrations", """
                SELECT migration_name FROM %s WHERE finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 1""");
        TOOLS.put("knex_migrations", "SELECT name FROM %s ORDER BY id DESC LIMIT 1");
    }

    private SchemaVersion() {}

    /// @param tables those of the snapshot, as [PostgresSession#countRows] names them
    /// @return null when there is no table that is known here
    static @Nullable String read(PostgresSession session, Iterable<String> tables) throws SQLException {
        for (Map.Entry<String, String> tool : TOOLS.entrySet()) {
            for (String table : tables) {
                if (table.endsWith("." + tool.getKey())) {
                    String version = first(session, tool.getValue().formatted(table));
                    if (version != null) {
                        return version;
                    }
                }
            }
        }
        return null;
    }

    /// A table that only has the name of one answers with an error, which would end the transaction: it is asked for
    /// behind a savepoint.
    private static @Nullable String first(PostgresSession session, String sql) throws SQLException {
        session.execute("SAVEPOINT schema_version");
        try {
            return session.texts(sql).stream().findFirst().orElse(null);
        } catch (SQLException _) {
            session.execute("ROLLBACK TO SAVEPOINT schema_version");
            return null;
        }
    }
}
