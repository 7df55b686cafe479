-- An archived session against its entry: readings leave once, whole, long after the session ended, and never in silence.
WITH s AS (SELECT * FROM pengesahan.sesi WHERE id = :sesi_id),
a AS (SELECT * FROM pengesahan.arsip WHERE sesi_id = :sesi_id),
j AS (SELECT id, pelaku, isi FROM pengesahan.jejak WHERE sesi_id = :sesi_id AND jenis = 'BACAAN_DIARSIPKAN'),
b AS (SELECT count(*) AS jumlah FROM pengesahan.bacaan WHERE sesi_id = :sesi_id)
SELECT CASE WHEN j.id IS NULL THEN 'bacaan diarsipkan tanpa jejak'
            WHEN a.sesi_id IS NULL THEN format('jejak nomor %s menyebut bacaan diarsipkan, buku tidak', j.id)
            ELSE format('arsip berbeda dari jejak nomor %s', j.id) END AS apa
  FROM a FULL JOIN j ON true
 WHERE a.sesi_id IS NULL OR j.id IS NULL
    OR (a.oleh, a.baris::text, a.berkas, a.sidik_berkas, a.alasan)
       IS DISTINCT FROM (j.pelaku, j.isi ->> 'baris', j.isi ->> 'berkas', j.isi ->> 'sidik_berkas', j.isi ->> 'alasan')
UNION ALL
SELECT format('bacaan diarsipkan tetapi %s masih di buku', b.jumlah) FROM a, b WHERE b.jumlah > 0
UNION ALL
SELECT format('bacaan diarsipkan padahal sesi %s', s.status) FROM a, s WHERE s.status IN ('BERJALAN', 'TERHENTI')
UNION ALL
SELECT format('bacaan bulan %s diarsipkan pada %s, sebelum setahun', s.thblrek, a.diarsipkan_pada)
  FROM a, s
 WHERE s.thblrek >= to_char(a.diarsipkan_pada AT TIME ZONE 'Asia/Jakarta' - interval '12 months', 'YYYYMM')
UNION ALL
SELECT format('sesi dibuka pada %s sesudah bacaan bulannya diarsipkan', s.dibuka_pada)
  FROM s WHERE s.dibuka_pada > (SELECT min(x.diarsipkan_pada) FROM pengesahan.arsip x JOIN pengesahan.sesi t ON t.id = x.sesi_id
                                 WHERE t.unitup = s.unitup AND t.thblrek = s.thblrek)
