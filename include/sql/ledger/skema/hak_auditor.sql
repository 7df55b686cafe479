-- The auditor's rights: to read everything, and nothing else. {peran} is the role's name.
REVOKE ALL ON ALL TABLES IN SCHEMA pengesahan FROM {peran};
GRANT USAGE ON SCHEMA pengesahan TO {peran};
GRANT SELECT ON ALL TABLES IN SCHEMA pengesahan TO {peran};
