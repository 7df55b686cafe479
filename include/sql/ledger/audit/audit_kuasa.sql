-- Who can do with the ledger what no guard of its own stops: its owner and whoever may act as one, superusers, and roles that
-- may write everything, or write files and run programs on the server. Each with why.
WITH RECURSIVE awal (oid, sebab, urut) AS (
    SELECT c.relowner, 'pemilik buku', 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'pengesahan' AND c.relkind IN ('r', 'v')
    UNION
    SELECT p.proowner, 'pemilik fungsi buku', 1 FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname = 'pengesahan'
    UNION
    SELECT n.nspowner, 'pemilik skema', 1 FROM pg_catalog.pg_namespace n WHERE n.nspname = 'pengesahan'
    UNION
    SELECT d.datdba, 'pemilik basis data', 1 FROM pg_catalog.pg_database d WHERE d.datname = current_database()
    UNION
    SELECT r.oid, 'superuser', 2 FROM pg_catalog.pg_roles r WHERE r.rolsuper
    UNION
    SELECT r.oid, 'melewati kebijakan baris', 3 FROM pg_catalog.pg_roles r WHERE r.rolbypassrls AND NOT r.rolsuper
    UNION
    SELECT r.oid, 'peran ' || r.rolname, 3 FROM pg_catalog.pg_roles r
     WHERE r.rolname IN ('pg_write_all_data', 'pg_write_server_files', 'pg_execute_server_program')
), kuasa (oid, sebab, urut, bawaan) AS (
    SELECT a.oid, a.sebab, a.urut, a.sebab LIKE 'peran pg\_%' FROM awal a
    UNION
    SELECT m.member, 'anggota ' || pg_catalog.pg_get_userbyid(m.roleid), k.urut, false
      FROM kuasa k JOIN pg_catalog.pg_auth_members m ON m.roleid = k.oid
)
SELECT r.rolname::text AS peran, string_agg(DISTINCT k.sebab, ', ' ORDER BY k.sebab) AS sebab
  FROM kuasa k JOIN pg_catalog.pg_roles r ON r.oid = k.oid WHERE NOT k.bawaan
 GROUP BY r.rolname ORDER BY min(k.urut), r.rolname
