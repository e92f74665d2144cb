-- The same words as before, sooner: a function in PL/pgSQL keeps its plans for the whole session, one in SQL is planned
-- anew for every row; and a row that is small has no value too large to be kept.
create or replace function audit_add(change text, kind text, subject text, application text, old jsonb, new jsonb)
returns void language plpgsql as $$
declare
    c jsonb := audit_cause();
begin
    insert into audit (at, cause, person, token, address, agent, origin, action, change, kind, subject, application,
                       old, new)
    values (coalesce((c ->> 'at')::timestamptz, clock_timestamp()), c ->> 'cause', c ->> 'person', c ->> 'token',
            c ->> 'address', c ->> 'agent', c ->> 'origin', c ->> 'action', change, kind, subject, application, old,
            new);
end
$$;

create or replace function audit_row() returns trigger language plpgsql as $$
declare
    row_then    jsonb  := case when tg_op <> 'INSERT' then to_jsonb(old) end;
    row_now     jsonb  := case when tg_op <> 'DELETE' then to_jsonb(new) end;
    thing       jsonb  := coalesce(row_now, row_then);
    ignored     text[] := string_to_array(coalesce(tg_argv[4], ''), ',');
    hidden      text[] := string_to_array(coalesce(tg_argv[3], ''), ',') || ignored;
    subject     text   := thing ->> tg_argv[1];
    small       boolean;
    application text;
begin
    if tg_op = 'UPDATE' and row_now - ignored = row_then - ignored then
        return null;
    end if;
    if position(',' in tg_argv[1]) > 0 then
        subject := (select string_agg(thing ->> key, '/' order by place)
                    from unnest(string_to_array(tg_argv[1], ',')) with ordinality as k (key, place));
    end if;
    if tg_argv[2] like 'select %' then
        execute tg_argv[2] into application using thing;
    else
        application := split_part(thing ->> tg_argv[2], '/', 1);
    end if;
    row_then := row_then - hidden;
    row_now := row_now - hidden;
    small := coalesce(octet_length(row_then::text), 0) <= 2000 and coalesce(octet_length(row_now::text), 0) <= 2000;
    if tg_op = 'UPDATE' then
        select coalesce(jsonb_object_agg(was.key, case when small then was.value else audit_small(was.value) end), '{}'),
               coalesce(jsonb_object_agg(was.key, case when small then row_now -> was.key
                                                       else audit_small(row_now -> was.key) end), '{}')
        into row_then, row_now
        from jsonb_each(row_then) was
        where was.value is distinct from row_now -> was.key;
    else
        row_then := (select jsonb_object_agg(key, case when small then value else audit_small(value) end)
                     from jsonb_each(row_then) where value <> 'null');
        row_now := (select jsonb_object_agg(key, case when small then value else audit_small(value) end)
                    from jsonb_each(row_now) where value <> 'null');
    end if;
    perform audit_add(case tg_op when 'INSERT' then 'created' when 'UPDATE' then 'changed' else 'removed' end,
                      tg_argv[0], subject, application, row_then, row_now);
    return null;
end
$$;

-- A crowd of deliveries is some ten kilobytes in one row: compressing them costs more than all the rest of it.
alter table audit alter column new set storage external;
