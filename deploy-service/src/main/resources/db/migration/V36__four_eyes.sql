-- Who had a part in a build besides its requester and its author's name, as aliases spell it: github:mara-k,
-- email:mara@example.org. None of them approves its releases.
alter table candidate add column involved text[] not null default '{}';

-- What people were found to be called elsewhere, by whatever token they came: whoever comes by another one
-- is still the same person.
create table person_alias (
    person text not null,
    alias  text not null,
    primary key (person, alias)
);
create index access_token_person on access_token (lower(person));
