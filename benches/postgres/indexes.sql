-- One statement a line.
alter table child add primary key (id);
create index child_phon on child (dmetaphone(family), area, dob);
create index child_phon_dob on child (dmetaphone(family), dob);
create index child_trgm on child using gin (family gin_trgm_ops, given gin_trgm_ops) with (fastupdate=off);
create index child_area_dob on child (area, dob) include (id, family, given);
create index child_postcode on child (postcode, dob);
alter table involvement add primary key (child_id, kind, org_id);
create index involvement_org on involvement (org_id) where ended is null;
create index child_name on child (family, given, dob);
create index child_block on child (area, left(family, 1), dob) include (id, family, given);
create index audit_child on audit(child_id, at);
create index audit_user on audit(user_id, at);
create index involvement_history_child on involvement_history(child_id, at);
