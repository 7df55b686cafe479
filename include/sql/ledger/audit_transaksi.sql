-- One state for the whole audit, and no writing whatever the role may.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY
