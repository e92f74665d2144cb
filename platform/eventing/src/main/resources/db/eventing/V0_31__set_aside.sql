-- What the broker will never take must not hold up what comes after it.
alter table outbox
    add column set_aside_at timestamptz,
    add column fault        text;
drop index outbox_unpublished;
create index outbox_unpublished on outbox (seq) where published_at is null and set_aside_at is null;
create index outbox_set_aside on outbox (seq) where set_aside_at is not null;
