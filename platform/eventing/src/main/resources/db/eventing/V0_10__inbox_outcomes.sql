-- What became of an event, and how it went until then.
alter table inbox
    add column outcome          text check (outcome in ('applied', 'ignored', 'refused', 'discarded')),
    add column first_attempt_at timestamptz,
    add column last_attempt_at  timestamptz,
    add column stack            text,
    add column headers          jsonb;

-- The worker looks at the open rows, oldest first, and whether a dead one holds their key.
create index inbox_pending on inbox (seq) where state = 'pending';
create index inbox_dead on inbox (key, seq) where state = 'dead';
drop index inbox_open;

-- Queues change all the time: statistics that are hours old lead the planner astray.
alter table inbox set (autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.05);
alter table outbox set (autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.05);
alter table work set (autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.05);
