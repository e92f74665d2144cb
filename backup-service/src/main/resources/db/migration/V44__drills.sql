-- Restores that were tried, with their reports. A report outlives the backup it is about.
create table drill (
    id           uuid        primary key,
    backup       uuid        not null,
    application  text        not null,
    database     text        not null,
    requested_by text        not null,
    requested_at timestamptz not null,
    state        text        not null check (state in ('waiting', 'running', 'passed', 'failed')),
    attempt      int         not null default 0,
    ended_at     timestamptz,
    report       jsonb
);
-- A backup has one scratch database.
create unique index drill_one_open on drill (backup) where state in ('waiting', 'running');
create index drill_listed on drill (application, database, requested_at desc, id desc);
create index drill_ended on drill (ended_at) where ended_at is not null;

alter table trouble drop constraint trouble_kind_check;
alter table trouble add constraint trouble_kind_check
    check (kind in ('failed', 'missed', 'overdue', 'inactive', 'retention', 'drill', 'copies', 'size'));
