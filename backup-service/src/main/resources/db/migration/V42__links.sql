-- Links to stored backups: who made which, until when they are good, and whether somebody used them. A link without its
-- row is good no more.
create table backup_link (
    id            uuid        primary key,
    backup        uuid        not null,
    location      text        not null,
    made_by       text        not null,
    made_at       timestamptz not null,
    expires_at    timestamptz not null,
    first_used_at timestamptz,
    uses          bigint      not null default 0
);
create index backup_link_of on backup_link (backup, made_at desc);
create index backup_link_expired on backup_link (expires_at);
