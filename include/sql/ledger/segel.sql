-- Seals of the trail, and the ledger's own name that they carry.

-- name: identitas
SELECT kode::text FROM pengesahan.identitas

-- name: segel_kunci
-- One writer of seals at a time, on whatever machine.
SELECT pg_advisory_xact_lock(hashtextextended('pengesahan/segel', 0))

-- name: segel_terakhir
-- The newest seal the trail mentions, the entry that does, and up to where the seals bind the trail group by group.
SELECT id AS jejak, encode(sidik, 'hex') AS sidik, (isi ->> 'ke')::integer AS ke, isi ->> 'berkas' AS berkas,
       isi ->> 'sebelum' AS sebelum, coalesce((isi #>> '{ikatan,sampai}')::bigint, id) AS terikat,
       coalesce((isi ->> 'dibuat')::timestamptz, pada) AS pada
  FROM pengesahan.jejak WHERE jenis = 'SEGEL_DIBUAT' ORDER BY id DESC LIMIT 1

-- name: segel_ikatan
-- A digest over the hashes of the entries after one number up to another, group by group: those of a unit's sessions, and the
-- others by kind. A seal carries them, so that a group can be proven without the entries of all others.
SELECT kelompok, encode(sha256(string_agg(sidik, ''::bytea ORDER BY id)), 'hex') AS sidik
  FROM (SELECT j.id, j.sidik, coalesce(s.unitup, j.jenis) AS kelompok
          FROM pengesahan.jejak j LEFT JOIN pengesahan.sesi s ON s.id = j.sesi_id
         WHERE j.id > :sesudah AND j.id <= :sampai) e
 GROUP BY kelompok ORDER BY kelompok
