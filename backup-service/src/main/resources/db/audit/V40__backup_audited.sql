select audit_table('backup', 'backup', 'id', 'application', '', 'version');
select audit_table('backup_request', 'backup-request', 'request_id', 'application');
select audit_table('backup_pin', 'pin', 'backup', 'select application from backup where id = ($1 ->> ''backup'')::uuid');
select audit_table('backup_hold', 'hold', 'backup,release',
                   'select application from backup where id = ($1 ->> ''backup'')::uuid');
select audit_table('expiry', 'expiry', 'backup,location',
                   'select application from backup where id = ($1 ->> ''backup'')::uuid', '', 'tries,fault');
select audit_table('retention_report', 'retention', 'application,database', 'application');
select audit_table('schedule', 'schedule', 'application,database,name', 'application', '', 'version,next_local,next_at');
select audit_table('schedule_run', 'schedule-run', 'schedule,local',
                   'select application from schedule where id = ($1 ->> ''schedule'')::uuid');
select audit_table('trouble', 'trouble', 'application,database,kind,subject', 'application', '', 'next_act');
select audit_table('guarded_database', 'database', 'application,database', 'application');
