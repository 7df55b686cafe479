-- What the schedule says to have opened or told against the trail, and the reverse. Of a period: its entries against the
-- schedule's rows. A row may have its entry outside of it.
WITH e AS (
    SELECT id, jenis, isi FROM pengesahan.jejak
     WHERE jenis IN ('JADWAL_DIBUKA', 'JADWAL_BELUM_SIAP', 'KALENDER_CACAT') AND id > :jejak_awal
       AND (CAST(:jejak_akhir AS bigint) IS NULL OR id <= :jejak_akhir)
)
SELECT format('jadwal unit %s bulan %s kelompok %s dan jejak JADWAL_DIBUKA berbeda',
              coalesce(j.unitup, e.isi ->> 'unitup'), coalesce(j.thblrek, e.isi ->> 'thblrek'),
              coalesce(j.hari_baca, e.isi ->> 'hari_baca')) AS apa, e.id AS jejak
  FROM (SELECT * FROM pengesahan.jadwal WHERE dibuka_pada IS NOT NULL AND sebab <> 'ORANG') j
  FULL JOIN (SELECT id, isi FROM e WHERE jenis = 'JADWAL_DIBUKA') e
    ON (e.isi ->> 'unitup', e.isi ->> 'thblrek', e.isi ->> 'hari_baca') = (j.unitup, j.thblrek, j.hari_baca)
 WHERE (j.run_id, j.dag_id, j.jatuh_tempo::text, j.sebab) IS DISTINCT FROM
       (e.isi ->> 'run_id', e.isi ->> 'dag_id', e.isi ->> 'jatuh_tempo', e.isi ->> 'sebab')
   AND (CAST(:semua AS boolean) OR e.id IS NOT NULL)
UNION ALL
SELECT format('jadwal unit %s bulan %s kelompok %s dan jejak JADWAL_BELUM_SIAP berbeda',
              coalesce(j.unitup, e.isi ->> 'unitup'), coalesce(j.thblrek, e.isi ->> 'thblrek'),
              coalesce(j.hari_baca, e.isi ->> 'hari_baca')), e.id
  FROM (SELECT * FROM pengesahan.jadwal WHERE lewat_sejak IS NOT NULL) j
  FULL JOIN (SELECT id, isi FROM e WHERE jenis = 'JADWAL_BELUM_SIAP') e
    ON (e.isi ->> 'unitup', e.isi ->> 'thblrek', e.isi ->> 'hari_baca') = (j.unitup, j.thblrek, j.hari_baca)
 WHERE j.unitup IS NULL OR (CAST(:semua AS boolean) AND e.id IS NULL)
UNION ALL
SELECT format('cacat kalender unit %s bulan %s (%s) tidak disebut jejak KALENDER_CACAT', c.unitup, c.thblrek, c.kode), NULL
  FROM pengesahan.jadwal_cacat c
 WHERE CAST(:semua AS boolean)
   AND NOT EXISTS (SELECT 1 FROM e
                    WHERE e.jenis = 'KALENDER_CACAT' AND e.isi ->> 'unitup' = c.unitup AND e.isi ->> 'thblrek' = c.thblrek
                      AND e.isi -> 'cacat' @> jsonb_build_array(jsonb_build_object('kode', c.kode, 'kalimat', c.kalimat)))
 ORDER BY apa
