-- The demo's own tables stay apart from the contract's schema, as in a real deployment.
CREATE SCHEMA IF NOT EXISTS acmt_dasar;
CREATE SCHEMA IF NOT EXISTS acmt;
REVOKE ALL ON SCHEMA acmt_dasar FROM PUBLIC;
REVOKE ALL ON SCHEMA acmt FROM PUBLIC
