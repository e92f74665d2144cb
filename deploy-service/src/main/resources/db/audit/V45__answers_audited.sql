-- What other services answer moves releases: which event said it, and what it said.
select audit_table('gate_question', 'gate-question', 'id',
                   'select application from release where id = ($1 ->> ''release'')::uuid');
drop trigger audit on step;
select audit_table('step', 'step', 'id', 'select application from release where id = ($1 ->> ''release'')::uuid',
                   'lines,evidence', 'overdue_at');
