-- What other roles than the ledger's owner may do with it: role, right, what, and whether it may be handed on.
WITH skema AS (SELECT * FROM pg_catalog.pg_namespace WHERE nspname = 'pengesahan'),
objek AS (SELECT c.* FROM pg_catalog.pg_class c JOIN skema ON skema.oid = c.relnamespace),
hak AS (
    SELECT CASE c.relkind WHEN 'S' THEN 'urutan ' ELSE 'tabel ' END || c.relname AS pada, c.relowner AS pemilik, a.*
      FROM objek c, LATERAL pg_catalog.aclexplode(c.relacl) a
    UNION ALL
    SELECT format('tabel %s kolom %s', c.relname, k.attname), c.relowner, a.*
      FROM objek c JOIN pg_catalog.pg_attribute k ON k.attrelid = c.oid, LATERAL pg_catalog.aclexplode(k.attacl) a
    UNION ALL
    SELECT 'fungsi ' || p.proname, p.proowner, a.* FROM pg_catalog.pg_proc p JOIN skema ON skema.oid = p.pronamespace,
           LATERAL pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) a
    UNION ALL
    SELECT 'skema ' || nspname, nspowner, a.* FROM skema, LATERAL pg_catalog.aclexplode(nspacl) a
)
SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(grantee)::text END AS peran, privilege_type AS hak,
       pada, is_grantable AS diteruskan
  FROM hak WHERE grantee <> pemilik ORDER BY 1, 3, 2
