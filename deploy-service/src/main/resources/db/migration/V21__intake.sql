-- What deliveries brought, apart from what became of them: bodies are large and forgotten soon, ids are small and kept
-- for as long as a sender may repeat them.
create table delivery_body (
    delivery uuid primary key,
    -- As it came; only of what was verified, and not twice.
    body     bytea not null
);
-- Most bodies have a few kilobytes: they stay in their row as they are.
alter table delivery_body set (toast_tuple_target = 8160);
insert into delivery_body (delivery, body) select id, payload from delivery where payload is not null;
alter table delivery drop column payload;

-- The id first: it alone finds the row.
drop index delivery_once;
create unique index delivery_once on delivery (delivery, application, provider) where verified and repeats is null;

-- Candidates whose first release is still to be made.
create table candidate_due (
    application text not null,
    candidate   uuid not null,
    primary key (application, candidate)
);

-- The newer candidate that came before this one's release was made; it has none.
alter table candidate add column passed_over_by uuid;
-- Room to note that in place.
alter table candidate set (fillfactor = 85);
