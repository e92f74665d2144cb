-- Whether a rebuild takes in what is not sealed although this service seals its backups.
alter table catalogue_rebuild add column unsealed boolean not null default false;
