select audit_table('gate_override', 'gate-override', 'release,gate',
                   'select application from release where id = ($1 ->> ''release'')::uuid');
