-- Do the ledger and the systems beside it answer?

-- name: hidup
-- Does the ledger answer, and has it a schema?
SELECT 1 FROM pengesahan.sesi LIMIT 1

-- name: layanan_terakhir
-- What the trail's newest entries say last of each system: away or back, and since when. A stretch of fixed length, so that
-- the question costs the same in a trail of any size. An outage older than that is simply told once more.
SELECT DISTINCT ON (isi ->> 'layanan') isi ->> 'layanan' AS layanan, jenis, pada FROM pengesahan.jejak
 WHERE id > (SELECT id FROM pengesahan.jejak_kepala) - 20000
   AND jenis IN ('LAYANAN_TIDAK_MENJAWAB', 'LAYANAN_MENJAWAB_LAGI')
 ORDER BY isi ->> 'layanan', id DESC
