-- Every change, by whom and why: written by triggers in the transaction of the change. Nobody but the owner changes or
-- removes a row.
create table audit (
    seq         bigint      generated always as identity primary key,
    -- Orders rows by when their transactions began to write, for the sealer.
    xid         xid8        not null default pg_current_xact_id(),
    at          timestamptz not null,
    -- What made it happen: request, webhook, event, timer, service (by itself), database (somebody's own session).
    cause       text        not null,
    person      text,
    token       text,
    address     text,
    agent       text,
    -- The event (source and id) or the due work (kind and id) behind it.
    origin      text,
    -- The operation, the event's type, the timer's name.
    action      text        not null,
    change      text        not null check (change in ('created', 'changed', 'removed', 'refused')),
    kind        text        not null,
    subject     text        not null,
    application text,
    -- Of a changed thing only what changed.
    old         jsonb,
    new         jsonb
);
create index audit_unsealed on audit (xid, seq);
create index audit_of_application on audit (application, seq);
create index audit_of_subject on audit (kind, subject, seq);
create index audit_of_person on audit (person, seq) where person is not null;

-- The chain: each position's hash covers the row and the hash before it.
create table audit_seal (
    position bigint primary key,
    seq      bigint not null unique,
    hash     text   not null
);

-- Where the chain ends, kept apart from it: what is cut off at the end is missed. Its lock lets one replica seal.
create table audit_head (
    one      boolean primary key default true check (one),
    position bigint  not null,
    hash     text    not null,
    xid      xid8    not null
);
insert into audit_head (position, hash, xid) values (0, repeat('0', 64), '0');

-- What was pruned: up to which position, and the hash the rest is chained to.
create table audit_cut (
    position bigint      primary key,
    hash     text        not null,
    rows     bigint      not null,
    at       timestamptz not null,
    by       text        not null
);

-- A value that is too large to be kept is named by its hash.
create function audit_small(value jsonb) returns jsonb language sql immutable as $$
    select case when octet_length(value::text) <= 2000 then value
           else jsonb_build_object('sha256', encode(sha256(convert_to(value::text, 'UTF8')), 'hex'),
                                   'bytes', octet_length(value::text)) end
$$;

-- Why the open transaction happens, as the service told it: see Cause.
create function audit_cause() returns jsonb language sql stable as $$
    select coalesce(nullif(current_setting('slipway.cause', true), '')::jsonb,
                    jsonb_build_object('cause', 'database', 'action', 'sql', 'person', session_user,
                                       'address', host(inet_client_addr())))
$$;

create function audit_add(change text, kind text, subject text, application text, old jsonb, new jsonb)
returns void language sql as $$
    insert into audit (at, cause, person, token, address, agent, origin, action, change, kind, subject, application,
                       old, new)
    select coalesce((c ->> 'at')::timestamptz, clock_timestamp()), c ->> 'cause', c ->> 'person', c ->> 'token',
           c ->> 'address', c ->> 'agent', c ->> 'origin', c ->> 'action', change, kind, subject, application, old, new
    from audit_cause() c
$$;

-- The trigger of a table whose every row counts. Arguments: the kind of thing; its key, columns with commas; the column
-- with the application (`shop` or `shop/production`), or a query with the row as $1; columns that are not shown; columns
-- that are no change by themselves.
create function audit_row() returns trigger language plpgsql as $$
declare
    row_then    jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
    row_now     jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
    thing        jsonb := coalesce(row_now, row_then);
    hidden      text[] := string_to_array(coalesce(tg_argv[3], ''), ',') || string_to_array(coalesce(tg_argv[4], ''), ',');
    subject     text := (select string_agg(thing ->> key, '/' order by place)
                         from unnest(string_to_array(tg_argv[1], ',')) with ordinality as k (key, place));
    application text;
begin
    if tg_op = 'UPDATE' and row_now - string_to_array(coalesce(tg_argv[4], ''), ',')
                            = row_then - string_to_array(coalesce(tg_argv[4], ''), ',') then
        return null;
    end if;
    if tg_argv[2] like 'select %' then
        execute tg_argv[2] into application using thing;
    else
        application := split_part(thing ->> tg_argv[2], '/', 1);
    end if;
    if tg_op = 'UPDATE' then
        select coalesce(jsonb_object_agg(was.key, audit_small(was.value)), '{}'),
               coalesce(jsonb_object_agg(was.key, audit_small(row_now -> was.key)), '{}')
        into row_then, row_now
        from jsonb_each(row_then - hidden) was
        where was.value is distinct from row_now -> was.key;
    else
        row_then := (select jsonb_object_agg(key, audit_small(value)) from jsonb_each(row_then - hidden)
                     where value <> 'null');
        row_now := (select jsonb_object_agg(key, audit_small(value)) from jsonb_each(row_now - hidden)
                    where value <> 'null');
    end if;
    perform audit_add(case tg_op when 'INSERT' then 'created' when 'UPDATE' then 'changed' else 'removed' end,
                      tg_argv[0], subject, application, row_then, row_now);
    return null;
end
$$;

-- Puts a table under audit. Arguments as above.
create function audit_table(watched regclass, kind text, key text, application text, hidden text default '',
                            ignored text default '')
returns void language plpgsql as $$
begin
    execute format('create trigger audit after insert or update or delete on %s for each row '
                   'execute function audit_row(%L, %L, %L, %L, %L)', watched, kind, key, application, hidden, ignored);
end
$$;

-- Lets go of what is older, and keeps what the rest is chained to. The owner's alone.
create function audit_prune(before timestamptz) returns bigint language plpgsql as $$
declare
    first_kept bigint := (select min(s.position) from audit_seal s join audit a using (seq) where a.at >= before);
    cut        bigint := coalesce(first_kept - 1, (select max(position) from audit_seal));
    removed    bigint;
begin
    if cut is null or not exists (select from audit_seal where position = cut) then
        return 0;
    end if;
    insert into audit_cut (position, hash, rows, at, by)
    select cut, hash, (select count(*) from audit_seal where position <= cut), clock_timestamp(), session_user
    from audit_seal where position = cut;
    delete from audit where seq in (select seq from audit_seal where position <= cut);
    delete from audit_seal where position <= cut;
    get diagnostics removed = row_count;
    return removed;
end
$$;
revoke execute on function audit_prune(timestamptz) from public;

-- Whoever uses this database beside its owner adds and reads, whatever the defaults of the schema give.
do $$
declare
    other text;
begin
    for other in select distinct grantee from information_schema.role_table_grants
                 where table_name = 'audit' and grantee <> current_user loop
        execute format('revoke all on audit, audit_seal, audit_head, audit_cut from %I', other);
        execute format('grant select, insert on audit, audit_seal to %I', other);
        execute format('grant select, update on audit_head to %I', other);
        execute format('grant select on audit_cut to %I', other);
    end loop;
end
$$;
