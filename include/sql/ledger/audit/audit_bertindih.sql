-- One open session at a time (invariant 4), by the order of the trail, which no clock can bend: of the sessions of each
-- kelompok that are audited.
WITH hidup AS (
    SELECT s.id, s.nomor, s.unitup, s.thblrek, s.hari_baca,
           (SELECT min(j.id) FROM pengesahan.jejak j WHERE j.sesi_id = s.id AND j.jenis = 'SESI_DIBUKA') AS mulai,
           (SELECT max(j.id) FROM pengesahan.jejak j
             WHERE j.sesi_id = s.id
               AND (j.jenis IN ('SESI_DITUTUP', 'SESI_DIAMBIL_ALIH', 'SESI_KEDALUWARSA')
                    OR (j.jenis = 'DIJAWAB' AND j.isi ->> 'keputusan' = 'TOLAK'))) AS akhir
      FROM pengesahan.sesi s WHERE s.id = ANY (CAST(:sesi AS bigint[]))
), urut AS (
    SELECT nomor, mulai, lag(nomor) OVER w AS sebelum, lag(akhir) OVER w AS akhir_sebelum
      FROM hidup WHERE mulai IS NOT NULL WINDOW w AS (PARTITION BY unitup, thblrek, hari_baca ORDER BY mulai)
)
SELECT nomor, mulai AS jejak, format('dibuka selagi sesi %s masih terbuka', sebelum) AS apa FROM urut
 WHERE sebelum IS NOT NULL AND (akhir_sebelum IS NULL OR akhir_sebelum > mulai) ORDER BY mulai
