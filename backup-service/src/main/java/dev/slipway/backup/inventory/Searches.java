package dev.slipway.backup.inventory;

import jakarta.inject.Singleton;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The table of what the last search of each location found.
@Singleton
public final class Searches {
    /// From when on a location that is not searched is late.
    void expect(Handle tx, String location, Instant now) {
        tx.execute(
                "insert into location_search (location, searched_at) values (?, ?) on conflict do nothing",
                location,
                now);
    }

    void found(Handle tx, String location, Inventory.Stock stock, int lost, Instant now) {
        tx.createUpdate("""
                        insert into location_search (location, searched_at, backups, files, bytes, unknown, lost)
                        values (:location, :now, :backups, :files, :bytes, :unknown, :lost)
                        on conflict (location) do update set searched_at = :now, backups = :backups, files = :files,
                            bytes = :bytes, unknown = :unknown, lost = :lost, fault = null""")
                .bind("location", location)
                .bind("now", now)
                .bind("backups", stock.backups())
                .bind("files", stock.files())
                .bind("bytes", stock.bytes())
                .bind("unknown", stock.unknown().size())
                .bind("lost", lost)
                .execute();
    }

    /// It could not be searched: what was found before stays. @param fault why
    void failed(Handle tx, String location, @Nullable String fault) {
        tx.execute("update location_search set fault = ? where location = ?", fault, location);
    }

    /// It is no location of this service any more.
    void forget(Handle tx, String location) {
        tx.execute("delete from location_search where location = ?", location);
    }
}
