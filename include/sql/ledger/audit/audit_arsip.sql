-- An archived session against its entry: readings leave once, whole, long after their month, with nothing open in it, and never
-- in silence. When it was, the entry says: the chain holds it.
WITH s AS (SELECT * FROM pengesahan.sesi WHERE id = :sesi_id),
a AS (SELECT * FROM pengesahan.arsip WHERE sesi_id = :sesi_id),
j AS (SELECT id, pada, pelaku, isi FROM pengesahan.jejak WHERE sesi_id = :sesi_id AND jenis = 'BACAAN_DIARSIPKAN'),
b AS (SELECT count(*) AS jumlah FROM pengesahan.bacaan WHERE sesi_id = :sesi_id),
-- when the first readings of the unit and month left, in the order of the trail
awal AS (SELECT min(e.id) AS jejak FROM pengesahan.jejak e
          WHERE e.jenis = 'BACAAN_DIARSIPKAN'
            AND e.sesi_id = ANY (ARRAY(SELECT x.sesi_id FROM pengesahan.arsip x
                                        WHERE x.sesi_id = ANY (ARRAY(SELECT t.id FROM pengesahan.sesi t
                                                                      WHERE t.unitup = (SELECT unitup FROM s)
                                                                        AND t.thblrek = (SELECT thblrek FROM s))))))
SELECT CASE WHEN j.id IS NULL THEN 'bacaan diarsipkan tanpa jejak'
            WHEN a.sesi_id IS NULL THEN format('jejak nomor %s menyebut bacaan diarsipkan, buku tidak', j.id)
            ELSE format('arsip berbeda dari jejak nomor %s', j.id) END AS apa
  FROM a FULL JOIN j ON true
 WHERE a.sesi_id IS NULL OR j.id IS NULL OR abs(extract(epoch FROM a.diarsipkan_pada - j.pada)) > 3600
    OR (a.oleh, a.baris::text, a.berkas, a.sidik_berkas, a.alasan)
       IS DISTINCT FROM (j.pelaku, j.isi ->> 'baris', j.isi ->> 'berkas', j.isi ->> 'sidik_berkas', j.isi ->> 'alasan')
UNION ALL
SELECT format('bacaan diarsipkan tetapi %s masih di buku', b.jumlah) FROM a, b WHERE b.jumlah > 0
UNION ALL
SELECT format('bacaan bulan %s diarsipkan pada %s, sebelum setahun', s.thblrek, j.pada) FROM j, s
 WHERE s.thblrek >= to_char(j.pada AT TIME ZONE 'Asia/Jakarta' - interval '12 months', 'YYYYMM')
UNION ALL
SELECT format('sesi terbuka sesudah bacaan bulannya mulai diarsipkan (jejak nomor %s)', awal.jejak) FROM awal
 WHERE awal.jejak IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM pengesahan.jejak e
                    WHERE e.sesi_id = :sesi_id AND e.id < awal.jejak
                      AND (e.jenis IN ('SESI_DITUTUP', 'SESI_DIAMBIL_ALIH', 'SESI_KEDALUWARSA')
                           OR (e.jenis = 'DIJAWAB' AND e.isi ->> 'keputusan' = 'TOLAK')))
