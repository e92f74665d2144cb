-- Everything that was delivered by CI and what became of it, also what was refused or came twice.
create table delivery (
    id          uuid primary key,
    application text        not null,
    provider    text        not null,
    -- The sender's own id and word for what happened; hearsay unless verified.
    delivery    text        not null,
    event       text        not null,
    verified    boolean     not null,
    -- The first delivery with the same id, when this one is not the first.
    repeats     uuid references delivery (id),
    verdict     text        not null check (verdict in ('candidate', 'ignored', 'duplicate', 'altered', 'refused')),
    reason      text        not null,
    candidate   uuid references candidate (id),
    received_at timestamptz not null,
    body_sha256 text        not null,
    -- As it came; only of what was verified, and not twice.
    payload     bytea
);
create unique index delivery_once on delivery (application, provider, delivery) where verified and repeats is null;
create index delivery_listed on delivery (received_at desc, id desc);
create index delivery_of_application on delivery (application, received_at desc, id desc);
create index delivery_unverified on delivery (received_at desc, id desc) where not verified;

-- The runs that spoke for a candidate: what CI tells of one run makes one candidate, however often and under whatever
-- delivery ids it tells it.
create table build (
    application text   not null,
    provider    text   not null,
    repository  bigint not null,
    run         bigint not null,
    attempt     int    not null,
    candidate   uuid   not null references candidate (id),
    primary key (application, provider, repository, run, attempt)
);
