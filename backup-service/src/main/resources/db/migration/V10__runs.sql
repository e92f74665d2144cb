-- How far a backup is that runs now, written by its worker about once a second; gone when the backup is over.
create table backup_progress (
    backup           uuid        primary key,
    stage            text        not null,
    since            timestamptz not null,
    at               timestamptz not null,
    bytes            bigint      not null,
    tables_done      int,
    tables           int,
    bytes_per_second bigint      not null,
    seconds_left     bigint
);

-- Who wants a backup to be cancelled: its worker, wherever it runs, does it.
create table backup_cancel (
    backup uuid        primary key,
    by     text        not null,
    reason text        not null,
    at     timestamptz not null
);

-- The locations that lack a copy of a completed backup, until they have one.
create table missing_copy (
    backup   uuid        not null,
    location text        not null,
    since    timestamptz not null,
    tries    int         not null default 0,
    fault    text,
    primary key (backup, location)
);

alter table trouble drop constraint trouble_kind_check;
alter table trouble add constraint trouble_kind_check
    check (kind in ('failed', 'missed', 'overdue', 'inactive', 'retention', 'drill', 'copies'));

-- What reading all locations into the catalogue found, and what was made of it.
create table catalogue_rebuild (
    id           uuid        primary key,
    dry_run      boolean     not null,
    requested_by text        not null,
    requested_at timestamptz not null,
    finished_at  timestamptz,
    report       jsonb
);
