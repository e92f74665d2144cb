-- What leaves: written in the transaction of the change, published by the one relay of this database.
create table outbox (
    seq          bigint generated always as identity primary key,
    event_id     uuid        not null unique,
    topic        text        not null,
    key          text        not null,
    type         text        not null,
    source       text        not null,
    subject      text        not null,
    time         timestamptz not null,
    chain_id     uuid        not null,
    data         jsonb       not null,
    created_at   timestamptz not null,
    published_at timestamptz
);
create index outbox_unpublished on outbox (seq) where published_at is null;

-- What came in: one row per event, worked off in order per key.
create table inbox (
    seq             bigint generated always as identity primary key,
    source          text        not null,
    event_id        text        not null,
    topic           text        not null,
    "partition"     int         not null,
    "offset"        bigint      not null,
    key             text        not null,
    type            text        not null,
    value           bytea,
    received_at     timestamptz not null,
    state           text        not null check (state in ('pending', 'done', 'dead')),
    attempts        int         not null default 0,
    next_attempt_at timestamptz not null,
    reason          text,
    settled_at      timestamptz,
    unique (source, event_id)
);
-- The worker looks for the oldest open row of each key.
create index inbox_open on inbox (key, seq) where state <> 'done';

-- What is due: claimed with a version and a lease, extended while it runs, found again when its owner dies.
create table work (
    kind        text        not null,
    id          text        not null,
    due_at      timestamptz not null,
    version     bigint      not null default 0,
    touched     bigint      not null default 0,
    attempt     int         not null default 0,
    owner       text,
    lease_until timestamptz,
    reason      text,
    primary key (kind, id)
);
create index work_due on work (due_at);
