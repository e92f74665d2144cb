-- The access tokens issued at run time; of the tokens themselves only hashes are kept.
create table access_token (
    id              uuid primary key,
    revision        bigint      not null,
    name            text        not null,
    sha256          text        not null,
    -- What was valid before the last rotation, and until when it still is.
    previous_sha256 text,
    previous_until  timestamptz,
    roles           text[]      not null,
    person          text        not null,
    aliases         text[]      not null,
    lifetime_s      bigint      not null,
    issued_at       timestamptz not null,
    issued_by       text        not null,
    expires_at      timestamptz not null,
    revoked_at      timestamptz,
    revoked_by      text,
    revoke_reason   text,
    -- Its name is free again.
    ended           boolean     not null default false
);
create unique index access_token_name on access_token (name) where not ended;
create index access_token_listed on access_token (issued_at desc, id desc);
