-- Batches to AP2T, what came of each row, and what is compared afterwards.

-- name: kirim_berikut
-- The rows that may still go, by idpel (passed, not sent back, no outcome), as the JSON that is sent, its keys in order: what
-- domain/kontrak.py (baris_posting) writes. An unmetered customer has no stan, and may have no reading day: 0, and the day on
-- which it was sent from ACMT, stand for them.
SELECT idpel,
       '{"idpel": "' || idpel || '", "jam_nyala": "' || trim_scale(jam_nyala) || '", "pemkwh": "' || trim_scale(kwh)
       || '", "sahkvarh": ' || coalesce('"' || trim_scale(sahkvarh) || '"', 'null')
       || ', "sahlwbp": "' || trim_scale(sahlwbp)
       || '", "sahwbp": ' || coalesce('"' || trim_scale(sahwbp) || '"', 'null')
       || ', "slakvarh": ' || coalesce('"' || trim_scale(slakvarh) || '"', 'null')
       || ', "slalwbp": "' || trim_scale(slalwbp)
       || '", "slawbp": ' || coalesce('"' || trim_scale(slawbp) || '"', 'null')
       || ', "tgl_baca": "' || to_char(tgl_baca AT TIME ZONE :zona, 'YYYY-MM-DD') || '"}' AS tertulis
  FROM (SELECT s.idpel, coalesce(s.kwh_kirim, s.kwh) AS kwh, s.jam_nyala, b.slawbp, b.sahwbp, b.slakvarh, b.sahkvarh,
               CASE WHEN b.pilihan ? 'jam_abonemen' THEN coalesce(b.tgl_baca, b.kirim_pada) ELSE b.tgl_baca END AS tgl_baca,
               CASE WHEN b.pilihan ? 'jam_abonemen' THEN 0 ELSE b.slalwbp END AS slalwbp,
               CASE WHEN b.pilihan ? 'jam_abonemen' THEN 0 ELSE b.sahlwbp END AS sahlwbp
          FROM pengesahan.saringan s JOIN pengesahan.bacaan b ON b.sesi_id = s.sesi_id AND b.idpel = s.idpel
         WHERE s.sesi_id = :sesi_id AND s.hasil = 'LOLOS' AND s.idpel > :sesudah
           AND s.idpel <> ALL (CAST(:kembalikan AS text[]))
           AND NOT EXISTS (SELECT 1 FROM pengesahan.hasil h WHERE h.sesi_id = s.sesi_id AND h.idpel = s.idpel)
         ORDER BY s.idpel LIMIT :batas) k
 ORDER BY idpel

-- name: batch_catat
INSERT INTO pengesahan.batch (kunci, sesi_id, epoch, oleh, idpel, sidik_isi)
VALUES (:kunci, :sesi_id, :epoch, :oleh, ARRAY(SELECT json_array_elements_text(CAST(:idpel AS json))), :sidik_isi)
RETURNING dikirim_pada

-- name: batch_dikirim
SELECT kunci::text AS kunci, oleh, idpel, epoch, dikirim_pada FROM pengesahan.batch
 WHERE sesi_id = :sesi_id AND status = 'DIKIRIM' ORDER BY epoch, idpel[1]

-- name: batch_selesai
UPDATE pengesahan.batch SET status = :status, selesai_pada = clock_timestamp(), keterangan = :keterangan
 WHERE kunci = :kunci AND status = 'DIKIRIM' RETURNING selesai_pada

-- name: hasil_catat
-- Write outcomes down; return the digest of what now stands (by idpel, with the instant the ledger gave them). Where all rows of
-- a batch ended alike one outcome without an idpel stands for them; if they are not so many, nothing is written.
WITH baru AS (
INSERT INTO pengesahan.hasil (sesi_id, idpel, kunci, status, kode, pesan, kodeposting)
SELECT :sesi_id, coalesce(h.idpel, i.idpel), CAST(:kunci AS uuid), h.status, h.kode, h.pesan, h.kodeposting
  FROM json_to_recordset(CAST(:hasil AS json))
           AS h (idpel text, jumlah integer, status text, kode text, pesan text, kodeposting smallint)
  LEFT JOIN LATERAL (SELECT unnest(b.idpel) AS idpel FROM pengesahan.batch b
                      WHERE b.kunci = CAST(:kunci AS uuid) AND cardinality(b.idpel) = h.jumlah) i ON h.idpel IS NULL
RETURNING idpel, status, kode, pesan, kodeposting, pada
)
SELECT encode(sha256(convert_to(string_agg(jsonb_build_array(idpel, status, kode, pesan, kodeposting,
                                                             extract(epoch FROM pada)::text)::text,
                                           E'\n' ORDER BY idpel COLLATE "C"), 'UTF8')), 'hex')
  FROM baru

-- name: hasil_hitung
SELECT status, kode, count(*) AS jumlah, (array_agg(idpel ORDER BY idpel))[1:20] AS contoh
  FROM pengesahan.hasil WHERE sesi_id = :sesi_id GROUP BY status, kode ORDER BY status, kode

-- name: hasil_tidak_jadi
-- Rows of a session that AP2T refused, or that changed before they went, by status and code.
SELECT status, kode, array_agg(idpel ORDER BY idpel) AS idpel
  FROM pengesahan.hasil WHERE sesi_id = :sesi_id AND status IN ('DITOLAK', 'BERUBAH')
 GROUP BY status, kode ORDER BY status, kode

-- name: rekonsiliasi_baris
-- The next rows of a session's snapshot with what the sieve said, what was sent and what came of it, by idpel.
SELECT s.idpel, s.hasil, h.status, h.kodeposting, trim_scale(coalesce(s.kwh_kirim, s.kwh))::text AS pemkwh,
       trim_scale(CASE WHEN b.pilihan ? 'jam_abonemen' THEN 0 ELSE b.sahlwbp END)::text AS sahlwbp,
       trim_scale(b.sahwbp)::text AS sahwbp, trim_scale(b.sahkvarh)::text AS sahkvarh
  FROM pengesahan.saringan s JOIN pengesahan.bacaan b ON b.sesi_id = s.sesi_id AND b.idpel = s.idpel
  LEFT JOIN pengesahan.hasil h ON h.sesi_id = s.sesi_id AND h.idpel = s.idpel
 WHERE s.sesi_id = :sesi_id AND s.idpel > :sesudah ORDER BY s.idpel LIMIT :batas
