-- Requests that came with an Idempotency-Key, and how they were answered.
create table idempotency (
    -- The token and the operation: keys of others are others.
    scope       text        not null,
    key         text        not null,
    -- SHA-256 of path, query and body: the same key stands for the same request.
    request     text        not null,
    owner       uuid        not null,
    begun_at    timestamptz not null,
    lease_until timestamptz not null,
    -- Written in the transaction of the effect: from then on it is never done again.
    applied_at  timestamptz,
    status      int,
    headers     jsonb,
    -- Absent for an answer that holds a secret.
    body        bytea,
    withheld    boolean     not null default false,
    primary key (scope, key)
);
create index idempotency_old on idempotency (begun_at);
