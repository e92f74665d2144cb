-- Every version of every application's manifest that was ever accepted here, and which one holds now.
create table manifest (
    application text        not null,
    hash        text        not null check (hash like 'sha256:%'),
    text        text        not null,
    stored_at   timestamptz not null,
    stored_by   text        not null,
    primary key (application, hash)
);

create table manifest_current (
    application text        primary key,
    hash        text        not null,
    since       timestamptz not null,
    foreign key (application, hash) references manifest (application, hash)
);
