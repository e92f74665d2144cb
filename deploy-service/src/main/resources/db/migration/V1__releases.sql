-- An artifact CI called good.
create table candidate (
    id          uuid primary key,
    application text        not null,
    version     text        not null,
    commit      text        not null,
    branch      text        not null,
    artifact    text        not null,
    requester   text        not null,
    author      text,
    run_url     text,
    accepted_at timestamptz not null,
    -- One build is one candidate, however often CI tells of it.
    unique (application, artifact)
);

-- One candidate in one environment. `state` is the machine's, tagged JSON; `phase` is the same for lists and filters;
-- `revision` counts the changes: every change names the one it was decided on.
create table release (
    id                uuid primary key,
    application       text        not null,
    environment       text        not null,
    candidate         uuid        not null,
    kind              text        not null check (kind in ('normal', 'emergency', 'rollback', 'adopted')),
    version           text        not null,
    commit            text        not null,
    artifact          text        not null,
    requester         text        not null,
    author            text,
    manifest          text        not null,
    number            int,
    phase             text        not null,
    revision          bigint      not null default 0,
    state             jsonb       not null,
    created_at        timestamptz not null,
    started_at        timestamptz,
    settled_at        timestamptz,
    -- What was found out on the way: where it runs, what ran before, the schema's version, maintenance mode.
    target            text,
    previous          uuid references release (id),
    schema_version    text,
    maintenance_since timestamptz,
    downtime_ms       bigint,
    -- What the watch said when it called the release back.
    called_back       jsonb
);
create unique index release_number on release (application, environment, number) where number is not null;
create unique index release_once on release (candidate, environment) where kind = 'normal';
create index release_listed on release (application, environment, created_at desc, id desc);
create index release_recent on release (created_at desc, id desc);

-- Who holds an environment and what runs in it: one running release at a time, by this row.
create table environment (
    application text   not null,
    name        text   not null,
    running     uuid references release (id),
    current     uuid references release (id),
    last_number int    not null default 0,
    primary key (application, name)
);

-- The plans, forward and back. What is to be done never changes once written; how far it got does.
create table step (
    id          uuid primary key,
    release     uuid        not null references release (id),
    direction   text        not null check (direction in ('forward', 'back')),
    seq         int         not null,
    kind        text        not null,
    name        text        not null,
    percent     int,
    limit_ms    bigint      not null,
    state       text        not null
        check (state in ('pending', 'running', 'waiting', 'done', 'broken', 'skipped', 'stopped')),
    attempts    int         not null default 0,
    started_at  timestamptz,
    asked_at    timestamptz,
    deadline    timestamptz,
    overdue_at  timestamptz,
    finished_at timestamptz,
    note        text,
    evidence    text,
    lines       jsonb       not null default '[]',
    answer      jsonb,
    unique (release, direction, seq)
);

-- Every answer of every gate, the newest last; a repeated answer is written once.
create table gate_answer (
    id       bigint generated always as identity primary key,
    release  uuid        not null references release (id),
    gate     text        not null,
    verdict  text        not null check (verdict in ('open', 'hold', 'deny')),
    reason   text        not null,
    until    timestamptz,
    at       timestamptz not null
);
create index gate_answer_release on gate_answer (release, id);

-- What a gate asked another service, by the id the answer carries.
create table gate_question (
    id       uuid primary key,
    release  uuid        not null references release (id),
    gate     text        not null,
    asked_at timestamptz not null,
    deadline timestamptz not null,
    answer   jsonb
);
create index gate_question_release on gate_question (release, gate, asked_at);

-- One sign-off per role, each by another person, for this artifact only.
create table approval (
    release  uuid        not null references release (id),
    role     text        not null,
    person   text        not null,
    artifact text        not null,
    note     text,
    at       timestamptz not null,
    primary key (release, role),
    unique (release, person)
);

-- Every signal a release got and what became of it, also when that was nothing.
create table release_history (
    id       bigint generated always as identity primary key,
    release  uuid        not null references release (id),
    at       timestamptz not null,
    signal   text        not null,
    decision text        not null check (decision in ('move', 'ignore', 'refuse')),
    phase    text        not null,
    why      text        not null
);
create index release_history_release on release_history (release, id);
