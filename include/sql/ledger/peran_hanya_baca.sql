-- Does a role open its transactions read-only by itself?
SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_roles r
                LEFT JOIN pg_catalog.pg_db_role_setting s ON s.setrole = r.oid
                WHERE r.rolname = :peran AND 'default_transaction_read_only=on' = ANY (s.setconfig))
