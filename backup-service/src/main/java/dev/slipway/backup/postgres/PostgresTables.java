package dev.slipway.backup.postgres;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.program.Run;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How far `pg_dump` is in the tables of a database: by what the server says of the table it copies at the moment
/// (`pg_stat_progress_copy`, PostgreSQL 14). It dumps them in the order of their names, so what comes before that one
/// is done.
public final class PostgresTables implements Run.Tables {
    private static final String SIZES = """
            SELECT c.oid || ' ' || pg_table_size(c.oid)
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND c.relpersistence <> 't'
              AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
              AND NOT EXISTS (
                SELECT FROM pg_depend d
                WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
            ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
            """;

    private static final String COPYING = """
            SELECT p.relid || ' ' || p.bytes_processed
            FROM pg_stat_progress_copy p
            JOIN pg_stat_activity a USING (pid)
            WHERE a.application_name = '%s' AND p.command = 'COPY TO'
            """;

    private final Access access;
    private final UUID backup;
    private final Limits limits;
    private final List<Table> tables = new ArrayList<>();
    private @Nullable PostgresSession session;
    private boolean blind;
    private int done;
    private long doneBytes;

    private record Table(String oid, long bytes) {}

    public PostgresTables(Access access, UUID backup, Limits limits) {
        this.access = access;
        this.backup = backup;
        this.limits = limits;
    }

    @Override
    public @Nullable Seen look() {
        if (blind) {
            return null;
        }
        try {
            return look(open());
        } catch (BackupFault | SQLException _) {
            // No connection left, an older server: the backup goes on, and the bytes tell of it.
            blind = true;
            return null;
        }
    }

    private PostgresSession open() throws BackupFault, SQLException {
        PostgresSession opened = session;
        if (opened == null) {
            opened = PostgresSession.open(access, backup, limits);
            session = opened;
            for (String row : opened.texts(SIZES)) {
                String[] parts = row.split(" ", 2);
                tables.add(new Table(parts[0], Long.parseLong(parts[1])));
            }
        }
        return opened;
    }

    private Seen look(PostgresSession asked) throws SQLException {
        for (String row : asked.texts(COPYING.formatted(PostgresSession.applicationName(backup)))) {
            String[] parts = row.split(" ", 2);
            copying(parts[0], Long.parseLong(parts[1]));
        }
        long all = tables.stream().mapToLong(Table::bytes).sum();
        return new Seen(done, tables.size(), Math.min(doneBytes, all), all);
    }

    /// What was seen once is not taken back: between two tables nothing is copied.
    private void copying(String oid, long bytes) {
        long before = 0;
        for (int index = 0; index < tables.size(); index++) {
            Table table = tables.get(index);
            if (table.oid().equals(oid)) {
                done = Math.max(done, index);
                doneBytes = Math.max(doneBytes, before + Math.min(bytes, table.bytes()));
                return;
            }
            before += table.bytes();
        }
    }

    @Override
    public void close() {
        PostgresSession opened = session;
        if (opened != null) {
            opened.close();
        }
        blind = true;
    }
}
