select audit_table('backup_link', 'link', 'id', 'select application from backup where id = ($1 ->> ''backup'')::uuid', '',
                   'uses');
