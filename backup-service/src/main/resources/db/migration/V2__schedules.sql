-- When backups and drills happen by themselves. `next_local` and `next_at` are always known, paused or not.
create table schedule (
    id           uuid        primary key,
    application  text        not null,
    database     text        not null,
    name         text        not null,
    origin       text        not null check (origin in ('manifest', 'rest')),
    task         text        not null check (task in ('backup', 'drill')),
    -- A time of day and days of the week, or a cron expression: local times of the zone.
    at           text,
    days         text[],
    cron         text,
    zone         text        not null,
    grace        text        not null,
    proof        text        not null check (proof in ('readback', 'restore')),
    created_by   text        not null,
    created_at   timestamptz not null,
    paused_at    timestamptz,
    paused_by    text,
    pause_reason text,
    next_local   timestamp   not null,
    next_at      timestamptz not null,
    version      bigint      not null default 0,
    check ((cron is null) <> (at is null)),
    check ((at is null) = (days is null)),
    unique (application, database, name)
);

-- What became of each time a schedule was due: one row per schedule and local date and time, whatever the clocks do.
create table schedule_run (
    schedule   uuid        not null references schedule on delete cascade,
    local      timestamp   not null,
    planned_at timestamptz not null,
    at         timestamptz not null,
    outcome    text        not null check (outcome in ('started', 'caught-up', 'missed', 'paused')),
    -- The backup or the drill.
    subject    uuid,
    note       text,
    primary key (schedule, local)
);
create index schedule_run_listed on schedule_run (schedule, planned_at desc);
