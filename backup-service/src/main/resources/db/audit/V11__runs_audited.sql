select audit_table('backup_cancel', 'cancel', 'backup',
                   'select application from backup where id = ($1 ->> ''backup'')::uuid');
select audit_table('missing_copy', 'missing-copy', 'backup,location',
                   'select application from backup where id = ($1 ->> ''backup'')::uuid', '', 'tries,fault');
select audit_table('catalogue_rebuild', 'rebuild', 'id', 'select null::text');
