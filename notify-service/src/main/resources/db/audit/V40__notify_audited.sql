select audit_table('occasion', 'occasion', 'id', 'application');
select audit_table('notice', 'notice', 'id', 'application', 'address,address_hash,content,state',
                   'version,attempts,unconfirmed');
