-- An event that became a dead letter, and what people did about it; the rest of an inbox is the events' own record.
create trigger audit after update on inbox for each row
    when (old.state is distinct from new.state and 'dead' in (old.state, new.state))
    execute function audit_row('inbox', 'seq', '', 'value,headers,stack', 'next_attempt_at,attempts,last_attempt_at');
create trigger audit_removed after delete on inbox for each row when (old.state <> 'done')
    execute function audit_row('inbox', 'seq', '', 'value,headers,stack');

-- What people set going. The rest of this table is the services' own doing and seen by what it does.
create trigger audit after insert or update of due_at on work for each row
    when (audit_cause() ->> 'cause' = 'request')
    execute function audit_row('work', 'kind,id', '', 'owner,lease_until,reason', 'version,touched,attempt');
