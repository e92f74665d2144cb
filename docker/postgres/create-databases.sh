#!/bin/sh
# Run by the postgres image once, on an empty data folder: the databases and roles of the four services, the same that
# the launcher makes. Passwords come from the environment, never as arguments.
set -eu

for service in deploy backup monitor notify; do
    upper=$(printf '%s' "$service" | tr '[:lower:]' '[:upper:]')
    database=slipway_$service
    psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
        --set database="$database" --set owner="${database}_owner" --set app="${database}_app" \
        --set owner_variable="SLIPWAY_${upper}_OWNER_PASSWORD" --set app_variable="SLIPWAY_${upper}_APP_PASSWORD" <<'SQL'
\getenv owner_password :owner_variable
\getenv app_password :app_variable
create role :"owner" login password :'owner_password';
create role :"app" login password :'app_password';
create database :"database" owner :"owner";
revoke all on database :"database" from public;
grant connect on database :"database" to :"app";
\connect :"database"
revoke all on schema public from public;
grant usage on schema public to :"app";
alter default privileges for role :"owner" in schema public grant select, insert, update, delete on tables to :"app";
alter default privileges for role :"owner" in schema public grant usage, select, update on sequences to :"app";
SQL
done
