-- The text is kept by its hash anyway.
select audit_table('manifest', 'manifest', 'application,hash', 'application', 'text');
select audit_table('manifest_current', 'manifest', 'application', 'application');
