select audit_table('watched_release', 'watched-release', 'release', 'application');
select audit_table('watch', 'watch', 'release,step',
                   'select application from watched_release where release = ($1 ->> ''release'')::uuid', '',
                   'ticks,reason');
select audit_table('running_version', 'running-version', 'environment', 'environment');
select audit_table('incident', 'incident', 'id', 'application');
select audit_table('incident_cause_gone', 'incident-cause', 'cause', '');
