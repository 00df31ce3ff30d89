-- Tables as a careful supplier would lay them out; columns in the order of the rows that `generate --tables` writes.
create extension if not exists pg_trgm;
create extension if not exists fuzzystrmatch;
create extension if not exists btree_gin;
create table org(id int primary key, kind smallint, la smallint, name text, phone text);
create table practitioner(id int primary key, org_id int, name text, phone text, email text);
create table child(
  id bigint not null, household bigint, dob date, la smallint, sex "char",
  family text, given text, other text, area text, postcode text, addr text, carer text, carer_phone text, nhs text,
  shielded bool default false, ver int default 1, updated timestamptz default now());
create table involvement(
  child_id bigint not null, org_id int not null, pract_id int, kind smallint not null,
  lead bool, consent smallint, started date, ended date, ver int default 1, updated timestamptz default now());
create table audit(
  id bigserial primary key, at timestamptz not null, user_id int not null, org_id int not null,
  action smallint not null, reason smallint, child_id bigint, detail text);
create table involvement_history(
  id bigserial primary key, at timestamptz not null, by_user int, child_id bigint, org_id int, kind smallint,
  pract_id int, ver int, started date, ended date);
