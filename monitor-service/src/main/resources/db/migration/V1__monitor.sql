-- What was seen at the metrics of each environment, whether a release runs or not. Append-only; the last two hours.
create table sample (
    environment text        not null,
    at          timestamptz not null,
    counters    jsonb,
    fault       text,
    primary key (environment, at),
    check ((counters is null) <> (fault is null))
);

-- What runs in an environment as far as finished releases tell: whose history the next release is measured by.
create table running_version (
    environment text        primary key,
    version     text        not null,
    since       timestamptz not null
);

-- A release and what its whole watch is measured by; the measure is fixed by its first traffic step.
create table watched_release (
    release     uuid        primary key,
    application text        not null,
    environment text        not null,
    version     text        not null,
    artifact    text        not null,
    chain_id    uuid        not null,
    measure     jsonb,
    ended_at    timestamptz,
    end_reason  text
);
create index watched_release_open on watched_release (environment) where ended_at is null;

-- One traffic step's watch. Only a release's newest one is judged.
create table watch (
    release      uuid        not null references watched_release (release),
    step         uuid        not null,
    number       int         not null,
    shift        jsonb       not null,
    effective_at timestamptz not null,
    spent_ticks  int         not null,
    ticks        int         not null default 0,
    phase        text        not null
        check (phase in ('watching', 'held', 'passed', 'calledBack', 'finished', 'ended')),
    phase_at     timestamptz,
    reason       text        not null,
    incident     uuid,
    primary key (release, step),
    unique (release, number)
);

-- Cumulative counts at the end of each batch. Append-only: all evidence is a function of these rows.
create table watch_batch (
    release            uuid        not null,
    step               uuid        not null,
    number             int         not null,
    started_at         timestamptz not null,
    ended_at           timestamptz not null,
    candidate_requests bigint      not null,
    candidate_errors   bigint      not null,
    baseline_requests  bigint      not null,
    baseline_errors    bigint      not null,
    primary key (release, step, number),
    foreign key (release, step) references watch (release, step)
);

-- What was found at each batch, and whenever the verdict changed between batches. Log e-values: null is no evidence.
create table watch_check (
    seq                bigint generated always as identity primary key,
    release            uuid             not null,
    step               uuid             not null,
    at                 timestamptz      not null,
    verdict            text             not null,
    reason             text             not null,
    candidate_requests bigint           not null,
    candidate_errors   bigint           not null,
    baseline_requests  bigint           not null,
    baseline_errors    bigint           not null,
    log_gated          double precision,
    log_ungated        double precision,
    log_promote        double precision,
    phi                double precision not null,
    foreign key (release, step) references watch (release, step)
);
create index watch_check_of on watch_check (release, seq);

create table incident (
    id          uuid        primary key,
    application text        not null,
    environment text        not null,
    release     uuid,
    severity    text        not null check (severity in ('sev1', 'sev2', 'sev3')),
    state       text        not null check (state in ('open', 'acknowledged', 'resolved')),
    description text        not null,
    opened_at   timestamptz not null
);
-- A release is to blame for one incident at a time.
create unique index incident_of_release on incident (release) where state <> 'resolved';
create index incident_listed on incident (opened_at desc, id desc);
