-- Customers sent back, and whether ACMT was told.

-- name: pengembalian_catat
-- Customers that an answer sends back; those whom an earlier answer of the session named stay as that one has them.
INSERT INTO pengesahan.pengembalian (sesi_id, idpel, urutan, oleh, alasan)
SELECT :sesi_id, b.key, :urutan, :oleh, b.value FROM jsonb_each_text(CAST(:alasan AS jsonb)) b
    ON CONFLICT (sesi_id, idpel) DO NOTHING

-- name: pengembalian_belum
-- What of a session ACMT was not (surely) told yet, those tried most often at the end, so that a few it always refuses keep no
-- other one from its turn; "matang": begun so long ago that the call has surely ended. One that seems to have begun more than an
-- hour from now was written down by a clock that ran ahead: it would have to wait for that clock.
SELECT idpel, oleh, alasan, status, kali, stempel,
       coalesce(clock_timestamp() - dikirim_pada >= make_interval(secs => :jeda)
                OR dikirim_pada > clock_timestamp() + interval '1 hour', true) AS matang
  FROM pengesahan.pengembalian WHERE sesi_id = :sesi_id AND status IN ('MENUNGGU', 'DIKIRIM') ORDER BY kali, idpel

-- name: pengembalian_sesi_belum
-- Sessions with customers of whom ACMT was not (surely) told yet, those that were tried last at the end.
SELECT sesi_id, count(*) AS jumlah FROM pengesahan.pengembalian WHERE status IN ('MENUNGGU', 'DIKIRIM') GROUP BY sesi_id
 ORDER BY min(kali), sesi_id

-- name: pengembalian_kirim
-- In flight: written before the call is made. "kali" guards against another hand.
UPDATE pengesahan.pengembalian
   SET status = 'DIKIRIM', kali = kali + 1, stempel = CAST(:stempel AS jsonb), dikirim_pada = clock_timestamp()
 WHERE sesi_id = :sesi_id AND idpel = :idpel AND kali = :kali AND status IN ('MENUNGGU', 'DIKIRIM')
RETURNING kali, dikirim_pada

-- name: pengembalian_selesai
UPDATE pengesahan.pengembalian SET status = :status, cara = :cara, selesai_pada = clock_timestamp()
 WHERE sesi_id = :sesi_id AND idpel = :idpel AND kali = :kali AND status IN ('MENUNGGU', 'DIKIRIM')
RETURNING selesai_pada

-- name: pengembalian_akhir
-- Who was sent back in a unit's month, by idpel: the last time. In the order of sessions.
SELECT DISTINCT ON (k.idpel) k.idpel, s.id AS sesi_id, s.nomor, s.hari_baca, s.zona_waktu, s.konfigurasi, k.oleh, k.alasan, k.dicatat_pada
  FROM pengesahan.sesi s JOIN pengesahan.pengembalian k ON k.sesi_id = s.id
 WHERE s.unitup = :unitup AND s.thblrek = :thblrek ORDER BY k.idpel, s.id DESC

-- name: pengembalian_hitung
SELECT status, count(*) AS jumlah FROM pengesahan.pengembalian WHERE sesi_id = :sesi_id GROUP BY status

-- name: pengembalian_tanpa_akibat
-- The last call surely had no effect: kept as no stamps at all, so that nothing ACMT shows later is taken for its doing.
UPDATE pengesahan.pengembalian SET stempel = '{}'
 WHERE sesi_id = :sesi_id AND idpel = :idpel AND kali = :kali AND status = 'DIKIRIM' RETURNING idpel
