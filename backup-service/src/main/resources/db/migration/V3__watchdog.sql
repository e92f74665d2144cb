-- What is wrong with the backups of a database now: told when it begins and when it ends, not in between.
create table trouble (
    application text        not null,
    database    text        not null,
    kind        text        not null check (kind in ('failed', 'missed', 'overdue', 'inactive')),
    -- The schedule's name where it is a schedule's trouble.
    subject     text        not null default '',
    environment text        not null,
    chain_id    uuid        not null,
    since       timestamptz not null,
    reason      text        not null,
    next_act    text        not null,
    primary key (application, database, kind, subject)
);

-- Since when a database has been looked after: what has never had a backup is overdue from then on.
create table guarded_database (
    application text        not null,
    database    text        not null,
    source      text        not null,
    since       timestamptz not null,
    primary key (application, database)
);
