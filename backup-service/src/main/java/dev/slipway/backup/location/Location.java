package dev.slipway.backup.location;

import dev.slipway.backup.ledger.DatabaseKey;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/// A place where backups are kept: a disk, a bucket, a server.
///
/// A file appears under its final name whole or not at all. What lies in a location and is not known is looked at and
/// told, never removed. Every call ends within the location's own limits; what goes wrong is a [LocationFault]
/// that says why.
public interface Location {
    /// Its name in the manifest, in answers and events.
    String name();

    /// Where it is, for people, without a secret: `s3://bucket/prefix`.
    String place();

    /// Begins to write a file, under a temporary name until it is published.
    Draft begin(Item item) throws LocationFault;

    /// Writes a small file at once, over one that is there.
    void put(Item item, byte[] content) throws LocationFault;

    /// The bytes of a file. @throws LocationFault `MISSING` when there is none
    InputStream open(Item item) throws LocationFault;

    /// How many bytes a file has; empty when there is none.
    OptionalLong size(Item item) throws LocationFault;

    /// Removes a file; one that is gone already is no fault.
    void delete(Item item) throws LocationFault;

    /// Everything that lies there under final names, whoever put it there.
    List<Found> list() throws LocationFault;

    /// The names of a backup's files there.
    List<String> files(DatabaseKey database, UUID backup) throws LocationFault;

    /// Removes what unfinished drafts of a backup left; what has its final name stays.
    void removeDrafts(DatabaseKey database, UUID backup) throws LocationFault;

    /// Something that lies in a location. @param path below its root
    record Found(String path, long sizeBytes, Instant modifiedAt) {}
}
