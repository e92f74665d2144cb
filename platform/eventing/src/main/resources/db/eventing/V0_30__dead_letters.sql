-- What somebody did about a dead letter, and what ties an event to the others of its candidate.
alter table inbox
    add column chain_id uuid,
    add column replays  int not null default 0,
    add column acted_by text,
    add column acted_at timestamptz,
    add column note     text;

create index inbox_key on inbox (key, seq);
create index inbox_chain on inbox (chain_id, seq) where chain_id is not null;
