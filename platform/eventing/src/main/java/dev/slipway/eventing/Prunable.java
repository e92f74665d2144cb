package dev.slipway.eventing;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/// Rows that a service keeps for a time only. A bean of this type is asked now and then, by one replica at a time, with
/// a connection of the database's owner: the service's own role need not be able to delete them.
public interface Prunable {
    /// The table, also the label of the metric.
    String table();

    /// Deletes some of what is over, oldest first. What may still be needed stays, however old it is.
    ///
    /// @param most how many rows at most
    /// @return how many were deleted; the service asks again until there is none
    int prune(Handle owner, Instant now, int most);
}
