select audit_table('release', 'release', 'id', 'application', '', 'revision');
select audit_table('step', 'step', 'id', 'select application from release where id = ($1 ->> ''release'')::uuid',
                   'lines,answer,evidence', 'overdue_at');
select audit_table('approval', 'approval', 'release,role',
                   'select application from release where id = ($1 ->> ''release'')::uuid');
select audit_table('gate_answer', 'gate-answer', 'release,gate',
                   'select application from release where id = ($1 ->> ''release'')::uuid');
select audit_table('environment', 'environment', 'application,name', 'application');
select audit_table('access_token', 'token', 'id', '', 'sha256,previous_sha256', 'revision');
-- Every signal and what became of it, refused wishes too.
select audit_table('release_history', 'signal', 'release,id',
                   'select application from release where id = ($1 ->> ''release'')::uuid');

-- Deliveries come by the thousand and are kept many by one statement: one row for each application in it. Forgeries
-- change nothing.
create function audit_deliveries() returns trigger language plpgsql as $$
begin
    perform audit_add('created', 'delivery', case count(*) when 1 then min(id::text) else count(*) || ' deliveries' end,
                      application, null,
                      jsonb_build_object('deliveries', jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                          'id', id, 'delivery', delivery, 'verdict', verdict, 'candidate', candidate)))))
    from added where verified group by application;
    return null;
end
$$;
create trigger audit after insert on delivery referencing new table as added for each statement
    execute function audit_deliveries();
