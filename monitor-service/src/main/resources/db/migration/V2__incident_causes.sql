-- An incident without a release has a cause: there is one open incident of a cause at a time, and it is resolved when
-- the cause is gone.
alter table incident add column cause text;
alter table incident add column resolved_at timestamptz;
create unique index incident_of_cause on incident (cause) where state <> 'resolved';

-- When a cause was last gone: word of it that is older, and comes later, raises nothing.
create table incident_cause_gone (
    cause text        primary key,
    at    timestamptz not null
);
