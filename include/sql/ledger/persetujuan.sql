-- Gates, who may not answer there, deadlines, and the answers that count.

-- name: penstempel
-- Who read, verified or sent rows of this session's snapshot, or rows of the approvals that it would cancel: they do not
-- approve it. Few people stand in many rows, so those are brought together first.
SELECT o.nama, o.perbuatan, sum(b.jumlah)::bigint AS jumlah
  FROM (SELECT petugas_baca, verif_pengawas_oleh, verif_vendor_oleh, kirim_oleh, count(*) AS jumlah
          FROM (SELECT petugas_baca, verif_pengawas_oleh, verif_vendor_oleh, kirim_oleh
                  FROM pengesahan.bacaan WHERE sesi_id = :sesi_id
                UNION ALL
                SELECT b.petugas_baca, b.verif_pengawas_oleh, b.verif_vendor_oleh, b.kirim_oleh
                  FROM pengesahan.pembatalan_baris r
                  JOIN pengesahan.bacaan b ON b.sesi_id = r.asal AND b.idpel = r.idpel
                 WHERE r.sesi_id = :sesi_id AND r.hasil = 'BOLEH') b
         GROUP BY petugas_baca, verif_pengawas_oleh, verif_vendor_oleh, kirim_oleh) b
 CROSS JOIN LATERAL (VALUES (b.petugas_baca, 'membaca'), (b.verif_pengawas_oleh, 'memverifikasi'),
                            (b.verif_vendor_oleh, 'memverifikasi'), (b.kirim_oleh, 'mengirim')) AS o (nama, perbuatan)
 WHERE btrim(o.nama) <> '' GROUP BY o.nama, o.perbuatan

-- name: dikembalikan_sebelumnya
-- Customers that an approver of another session of the unit and month sent back, of any kelompok (ACMT may have moved them
-- since), with the stamps they had then; and those of whom ACMT has still to be told.
WITH lama AS (
    SELECT DISTINCT ON (b.idpel) b.idpel, b.verif_pengawas_oleh, b.verif_pengawas_pada, b.verif_vendor_oleh,
           b.verif_vendor_pada, b.kirim_oleh, b.kirim_pada
      FROM pengesahan.sesi s JOIN pengesahan.persetujuan p ON p.sesi_id = s.id
     CROSS JOIN LATERAL unnest(p.kembalikan) AS i (idpel)
      JOIN pengesahan.bacaan b ON b.sesi_id = s.id AND b.idpel = i.idpel
     WHERE s.unitup = :unitup AND s.thblrek = :thblrek AND s.id <> :sesi_id AND p.kembalikan <> '{}'
     ORDER BY b.idpel, s.id DESC, p.urutan DESC
), belum AS (
    SELECT DISTINCT k.idpel FROM pengesahan.pengembalian k JOIN pengesahan.sesi s ON s.id = k.sesi_id
     WHERE k.status IN ('MENUNGGU', 'DIKIRIM') AND s.unitup = :unitup AND s.thblrek = :thblrek AND s.id <> :sesi_id
)
SELECT coalesce(lama.idpel, belum.idpel) AS idpel, belum.idpel IS NOT NULL AS menunggu, lama.verif_pengawas_oleh,
       lama.verif_pengawas_pada, lama.verif_vendor_oleh, lama.verif_vendor_pada, lama.kirim_oleh, lama.kirim_pada
  FROM lama FULL JOIN belum ON belum.idpel = lama.idpel

-- name: gerbang_buka
INSERT INTO pengesahan.gerbang (sesi_id, urutan, sidik, orang) VALUES (:sesi_id, :urutan, :sidik, :orang)

-- name: gerbang_ambil
SELECT urutan, sidik, orang, dibuka_pada FROM pengesahan.gerbang WHERE sesi_id = :sesi_id AND urutan = :urutan

-- name: tenggat
-- Since when a session waits at its last gate (from the answer on where that gate has one and the next is not open yet),
-- and, by the ledger's own clock, what time it has left.
SELECT w.urutan, w.sejak, w.batas, w.tutup, coalesce(clock_timestamp() >= w.batas, false) AS lewat_batas,
       coalesce(clock_timestamp() >= w.tutup, false) AS lewat_tutup,
       EXISTS (SELECT 1 FROM pengesahan.jejak j
                WHERE j.sesi_id = w.id AND j.jenis = 'TENGGAT_LEWAT' AND j.isi -> 'urutan' = to_jsonb(w.urutan)) AS diberitahukan,
       EXISTS (SELECT 1 FROM pengesahan.jawaban_menunggu m WHERE m.sesi_id = w.id AND m.urutan = w.urutan) AS tiba
  FROM (SELECT s.id, g.urutan, m.sejak,
               m.sejak + make_interval(secs => (s.batas_jawab_jam * 3600)::double precision) AS batas,
               m.sejak + make_interval(secs => (s.tutup_sesudah_jam * 3600)::double precision) AS tutup
          FROM pengesahan.sesi s JOIN pengesahan.gerbang g ON g.sesi_id = s.id
          LEFT JOIN pengesahan.persetujuan p ON p.sesi_id = g.sesi_id AND p.urutan = g.urutan
         CROSS JOIN LATERAL (SELECT greatest(g.dibuka_pada, p.dicatat_pada) AS sejak) m
         WHERE s.id = :sesi_id) w
 ORDER BY w.urutan DESC LIMIT 1

-- name: persetujuan_catat
INSERT INTO pengesahan.persetujuan (sesi_id, urutan, keputusan, oleh, catatan, kembalikan, sidik, petugas, dijawab_pada, tiba)
VALUES (:sesi_id, :urutan, :keputusan, :oleh, :catatan, :kembalikan, :sidik, CAST(:petugas AS jsonb), :dijawab_pada, :tiba)

-- name: persetujuan_semua
SELECT urutan, keputusan, oleh, catatan, kembalikan, sidik, petugas, dijawab_pada, tiba
  FROM pengesahan.persetujuan WHERE sesi_id = :sesi_id ORDER BY urutan
