#!/bin/sh
# Runs once, when the database's volume is empty: the role that owns everything, and its database.
# The roles of application and worker are made by `buytogether migrate`.
set -eu
psql --no-psqlrc --set=ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  --set=password="$BUYTOGETHER_OWNER_PASSWORD" <<'SQL'
create role bt_owner login createrole password :'password';
create database buytogether owner bt_owner encoding 'UTF8' template template0;
SQL
