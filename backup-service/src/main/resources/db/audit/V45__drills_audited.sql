select audit_table('drill', 'drill', 'id', 'application', 'report');
