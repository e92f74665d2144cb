-- The same row as before, with less work on each delivery.
create or replace function audit_deliveries() returns trigger language plpgsql as $$
begin
    perform audit_add('created', 'delivery', case count(*) when 1 then min(id::text) else count(*) || ' deliveries' end,
                      application, null,
                      jsonb_build_object('deliveries', jsonb_agg(
                          case when candidate is null
                               then jsonb_build_object('id', id, 'delivery', delivery, 'verdict', verdict)
                               else jsonb_build_object('id', id, 'delivery', delivery, 'verdict', verdict,
                                                       'candidate', candidate) end)))
    from added where verified group by application;
    return null;
end
$$;
