-- What happened that people may want to hear of: told once per key, settled once all its notices are.
create table occasion (
    id          uuid primary key,
    key         text        not null unique,
    situation   text        not null,
    application text        not null,
    environment text,
    release     uuid,
    request     uuid,
    chain       uuid        not null,
    event_key   text        not null,
    state       text        not null check (state in ('open', 'delivered', 'failed')),
    created_at  timestamptz not null,
    settled_at  timestamptz
);

-- One message to one address. The address is kept as the manifest has it (a reference stays one), as a hash and masked.
create table notice (
    id             uuid primary key,
    occasion       uuid        not null references occasion (id),
    situation      text        not null,
    application    text        not null,
    release        uuid,
    audience       text        not null,
    channel        text        not null,
    address        text        not null,
    address_hash   text        not null,
    address_masked text        not null,
    thread         uuid,
    subject        text        not null,
    content        jsonb       not null,
    phase          text        not null check (phase in ('pending', 'sending', 'delivered', 'failed')),
    state          jsonb       not null,
    attempts       int         not null,
    unconfirmed    int         not null,
    deadline       timestamptz not null,
    created_at     timestamptz not null,
    version        bigint      not null default 0,
    unique (occasion, audience, channel, address_hash)
);
create index notice_newest on notice (created_at desc, id desc);
create index notice_of_release on notice (release, created_at desc, id desc);

-- What was heard of releases: names and numbers for messages whose event has none, and how long the last one took.
create table known_release (
    id          uuid primary key,
    environment text        not null,
    ref         jsonb       not null,
    heard_at    timestamptz not null,
    phase       text,
    started_at  timestamptz,
    finished_at timestamptz,
    downtime_ms bigint
);
create index known_release_completed on known_release (environment, finished_at desc) where phase = 'completed';
