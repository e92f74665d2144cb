select audit_table('location_search', 'location-search', 'location', 'select null::text');
