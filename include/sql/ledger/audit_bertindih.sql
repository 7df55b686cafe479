-- One open session at a time (invariant 4), by the order of the trail, which no clock can bend.
WITH hidup AS (
    SELECT s.id, s.nomor, s.unitup, s.thblrek, s.hari_baca, b.mulai,
           (SELECT max(j.id) FROM pengesahan.jejak j
             WHERE j.sesi_id = s.id
               AND (j.jenis IN ('SESI_DITUTUP', 'SESI_DIAMBIL_ALIH', 'SESI_KEDALUWARSA')
                    OR (j.jenis = 'DIJAWAB' AND j.isi ->> 'keputusan' = 'TOLAK'))) AS akhir
      FROM pengesahan.sesi s
      JOIN (SELECT sesi_id, min(id) AS mulai FROM pengesahan.jejak WHERE jenis = 'SESI_DIBUKA' GROUP BY sesi_id) b
        ON b.sesi_id = s.id
     WHERE CAST(:unitup AS text) IS NULL OR s.unitup = :unitup
), urut AS (
    SELECT nomor, mulai,
           lag(nomor) OVER w AS sebelum, lag(akhir) OVER w AS akhir_sebelum
      FROM hidup WINDOW w AS (PARTITION BY unitup, thblrek, hari_baca ORDER BY mulai)
)
SELECT nomor, mulai AS jejak, format('dibuka selagi sesi %s masih terbuka', sebelum) AS apa
  FROM urut
 WHERE sebelum IS NOT NULL AND (akhir_sebelum IS NULL OR akhir_sebelum > mulai)
   AND mulai > :jejak_awal AND mulai <= :jejak_akhir
 ORDER BY mulai
