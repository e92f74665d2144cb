-- What the last search of each location found. Before its first, since when it is expected.
create table location_search (
    location    text        primary key,
    searched_at timestamptz not null,
    backups     int,
    files       int,
    bytes       bigint,
    unknown     int,
    lost        int,
    -- Why the last try could not look.
    fault       text
);
