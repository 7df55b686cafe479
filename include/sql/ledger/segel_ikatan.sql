-- A digest over the hashes of the entries after one number up to another, group by group: those of a unit's sessions, and the
-- others by kind. A seal carries them, so that a group can be proven without the entries of all others.
SELECT kelompok, encode(sha256(string_agg(sidik, ''::bytea ORDER BY id)), 'hex') AS sidik
  FROM (SELECT j.id, j.sidik, coalesce(s.unitup, j.jenis) AS kelompok
          FROM pengesahan.jejak j LEFT JOIN pengesahan.sesi s ON s.id = j.sesi_id
         WHERE j.id > :sesudah AND j.id <= :sampai) e
 GROUP BY kelompok ORDER BY kelompok
