-- A gate that somebody opened who may, instead of what it would have said.
create table gate_override (
    release uuid        not null references release (id),
    gate    text        not null,
    role    text        not null,
    person  text        not null,
    reason  text        not null,
    at      timestamptz not null,
    primary key (release, gate)
);
