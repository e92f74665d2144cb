-- A row without data takes its key off a compacted topic.
alter table outbox alter column data drop not null;
