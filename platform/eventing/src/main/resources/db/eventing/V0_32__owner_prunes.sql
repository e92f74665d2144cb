-- What came in and what left is taken away by the owner alone: the role of the service has no use for it.
do $$
declare
    given record;
begin
    for given in
        select distinct grantee, table_name from information_schema.role_table_grants
        where table_schema = current_schema() and table_name in ('inbox', 'outbox')
          and privilege_type in ('DELETE', 'TRUNCATE') and grantee <> current_user and grantee <> 'PUBLIC'
    loop
        execute format('revoke delete, truncate on %I from %I', given.table_name, given.grantee);
    end loop;
end $$;
