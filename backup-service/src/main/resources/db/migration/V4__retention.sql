-- Backups that were let go keep their row; their bytes are removed location by location.
alter table backup drop constraint backup_phase_check;
alter table backup add constraint backup_phase_check
    check (phase in ('pending', 'running', 'verifying', 'completed', 'failed', 'cancelled', 'expired'));
create index backup_of_database on backup (application, database, requested_at desc, id desc);

-- What somebody wants to keep whatever the rules say.
create table backup_pin (
    backup uuid        primary key references backup,
    reason text        not null,
    by     text        not null,
    at     timestamptz not null
);

-- What a release relies on: kept until it is over, and for a while after.
create table backup_hold (
    backup  uuid        not null references backup,
    release uuid        not null,
    since   timestamptz not null,
    until   timestamptz,
    primary key (backup, release)
);
create index backup_hold_of_release on backup_hold (release) where until is null;

-- Bytes that are to be removed and may still be there.
create table expiry (
    backup   uuid        not null references backup,
    location text        not null,
    since    timestamptz not null,
    tries    int         not null default 0,
    fault    text,
    primary key (backup, location)
);

-- That retention works: what was found each day.
create table retention_report (
    id           uuid        primary key,
    application  text        not null,
    database     text        not null,
    at           timestamptz not null,
    kept         int         not null,
    kept_bytes   bigint      not null,
    expired      int         not null,
    left_over    int         not null,
    oldest       timestamptz,
    newest       timestamptz,
    ok           boolean     not null,
    reason       text        not null
);
create index retention_report_listed on retention_report (application, database, at desc, id desc);

alter table trouble drop constraint trouble_kind_check;
alter table trouble add constraint trouble_kind_check
    check (kind in ('failed', 'missed', 'overdue', 'inactive', 'retention', 'drill'));
