-- What the ledger's schema is made of, by definition: every table, view, column, constraint, index, trigger, function, rule and
-- policy, as the catalog holds it. Names are written with their schema, since the search path holds no other than pg_catalog.
-- Compared with what a freshly migrated ledger says of itself (audit/pagar.py).
WITH skema AS (SELECT n.oid, n.nspname, n.nspowner FROM pg_catalog.pg_namespace n WHERE n.nspname = 'pengesahan'),
objek AS (SELECT c.* FROM pg_catalog.pg_class c JOIN skema ON skema.oid = c.relnamespace),
-- whoever owns the trail is the ledger's owner, and everything else must be the same role's
pemilik AS (SELECT relowner AS oid FROM objek WHERE relname = 'jejak')
SELECT 'tabel' AS jenis, c.relname::text AS nama, concat_ws(', ',
           CASE c.relkind WHEN 'r' THEN 'tabel biasa' WHEN 'v' THEN 'tampilan' WHEN 'S' THEN 'urutan' ELSE 'jenis ' || c.relkind::text END,
           CASE c.relpersistence WHEN 'p' THEN NULL ELSE 'tidak tahan mati' END,
           CASE WHEN c.relrowsecurity OR c.relforcerowsecurity THEN 'berkebijakan baris' END,
           CASE WHEN c.relowner IS DISTINCT FROM (SELECT oid FROM pemilik) THEN 'milik peran lain' END,
           CASE WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_inherits i WHERE c.oid IN (i.inhparent, i.inhrelid)) THEN 'bercabang' END,
           CASE WHEN c.relkind = 'v' THEN nullif(array_to_string(c.reloptions, ' '), '') END) AS isi
  FROM objek c WHERE c.relkind NOT IN ('i', 'I', 'c')
UNION ALL
SELECT 'kolom', format('%s pada tabel %s', a.attname, c.relname), concat_ws(' ',
           pg_catalog.format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END,
           'default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid), 'identity ' || nullif(a.attidentity::text, ''),
           'generated ' || nullif(a.attgenerated::text, ''), 'collate ' || l.collname)
  FROM objek c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation AND l.collname <> 'default'
 WHERE c.relkind NOT IN ('i', 'I', 'c', 'S')
UNION ALL
SELECT 'batasan', format('%s pada tabel %s', k.conname, c.relname), pg_catalog.pg_get_constraintdef(k.oid)
       || CASE WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_trigger t WHERE t.tgconstraint = k.oid AND t.tgenabled <> 'O')
               THEN ' (pemicunya dimatikan)' ELSE '' END
  FROM pg_catalog.pg_constraint k JOIN objek c ON c.oid = k.conrelid
 WHERE k.contype <> 'n'  -- newer servers list NOT NULL here too; the columns say it in each
UNION ALL
SELECT 'indeks', c.relname::text, pg_catalog.pg_get_indexdef(c.oid)
       || CASE WHEN i.indisvalid AND i.indisready AND i.indislive THEN '' ELSE ' (tidak berlaku)' END
       || CASE WHEN i.indimmediate THEN '' ELSE ' (ditunda)' END
  FROM objek c JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
UNION ALL
SELECT 'pagar', format('%s pada tabel %s', t.tgname, c.relname), pg_catalog.pg_get_triggerdef(t.oid)
       || CASE t.tgenabled WHEN 'O' THEN '' WHEN 'D' THEN ' (dimatikan)' ELSE ' (menyala: ' || t.tgenabled::text || ')' END
  FROM pg_catalog.pg_trigger t JOIN objek c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL
SELECT 'fungsi', format('%s(%s)', p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)), concat_ws(' ',
           CASE p.prokind WHEN 'f' THEN NULL ELSE 'jenis ' || p.prokind::text END,
           'returns ' || pg_catalog.pg_get_function_result(p.oid), 'language ' || l.lanname,
           CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END,
           CASE WHEN p.prosecdef THEN 'security definer' END, CASE WHEN p.proisstrict THEN 'strict' END,
           CASE WHEN p.proleakproof THEN 'leakproof' END, 'set ' || array_to_string(p.proconfig, '; '),
           CASE WHEN p.proowner IS DISTINCT FROM (SELECT oid FROM pemilik) THEN 'milik peran lain' END,
           CASE WHEN p.prosqlbody IS NOT NULL THEN 'berisi SQL terurai' END, 'as', p.prosrc)
  FROM pg_catalog.pg_proc p JOIN skema ON skema.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
UNION ALL
SELECT 'tampilan', c.relname::text, pg_catalog.pg_get_viewdef(c.oid) FROM objek c WHERE c.relkind IN ('v', 'm')
UNION ALL
SELECT 'aturan', format('%s pada tabel %s', r.rulename, c.relname), pg_catalog.pg_get_ruledef(r.oid)
  FROM pg_catalog.pg_rewrite r JOIN objek c ON c.oid = r.ev_class WHERE NOT (r.rulename = '_RETURN' AND c.relkind IN ('v', 'm'))
UNION ALL
SELECT 'kebijakan', format('%s pada tabel %s', p.polname, c.relname), 'ada'
  FROM pg_catalog.pg_policy p JOIN objek c ON c.oid = p.polrelid
UNION ALL
SELECT 'operator', format('%s (%s, %s)', o.oprname, pg_catalog.format_type(o.oprleft, NULL), pg_catalog.format_type(o.oprright, NULL)), 'ada'
  FROM pg_catalog.pg_operator o JOIN skema ON skema.oid = o.oprnamespace
UNION ALL
SELECT 'tipe', t.typname::text, 'ada' FROM pg_catalog.pg_type t JOIN skema ON skema.oid = t.typnamespace
 WHERE t.typelem = 0 AND (t.typrelid = 0 OR EXISTS (SELECT 1 FROM objek c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
UNION ALL
SELECT 'skema', nspname::text, CASE WHEN nspowner IS DISTINCT FROM (SELECT oid FROM pemilik) THEN 'milik peran lain' ELSE 'milik pemilik buku' END
  FROM skema ORDER BY jenis, nama
