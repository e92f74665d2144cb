-- One row per backup: where it stands, and in `state` (tagged with its phase) what that state has: archive with counts
-- per table, proofs, reason.
create table backup (
    id           uuid        primary key,
    application  text        not null,
    database     text        not null,
    manifest     text        not null,
    -- What the database was in that manifest: references, never their values.
    source       text        not null,
    proof        text        not null check (proof in ('readback', 'restore')),
    requested_by text        not null,
    request_id   uuid,
    release      uuid,
    chain_id     uuid        not null,
    requested_at timestamptz not null,
    started_at   timestamptz,
    snapshot_at  timestamptz,
    phase        text        not null check (phase in ('pending', 'running', 'verifying', 'completed', 'failed')),
    version      bigint      not null default 0,
    state        jsonb       not null
);
-- Of one database, at most one dump runs and at most one waits for its turn.
create unique index backup_one_running on backup (application, database) where phase = 'running';
create unique index backup_one_pending on backup (application, database, source) where phase = 'pending';
create index backup_newest on backup (application, database, snapshot_at desc) where phase = 'completed';
create index backup_listed on backup (requested_at desc, id desc);

-- Who asked for a proved backup, and what they were told: one outcome per request, written once.
create table backup_request (
    request_id    uuid        primary key,
    application   text        not null,
    database      text        not null,
    manifest      text        not null,
    release       uuid        not null,
    chain_id      uuid        not null,
    -- The oldest snapshot that will do.
    snapshot_from timestamptz not null,
    locations     int         not null,
    proof         text        not null,
    requested_at  timestamptz not null,
    deadline      timestamptz not null,
    -- The backup this waits for, then the one it was answered with.
    backup        uuid        references backup,
    outcome       text        not null check (outcome in ('waiting', 'verified', 'failed')),
    reason        text,
    answered_at   timestamptz
);
create index backup_request_waiting on backup_request (backup) where outcome = 'waiting';
