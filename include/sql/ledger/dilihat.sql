-- What people who are asked at a gate have looked at there. Looked up by IN, not by a join: its planner takes a fresh session for
-- one row, and compares each row with all marks of it.

-- name: dilihat_tandai
-- In order, so that two requests of a person cannot wait for each other. Without a conflict's target, which would be read.
INSERT INTO pengesahan.dilihat (sesi_id, idpel, oleh)
SELECT :sesi_id, i, :oleh FROM unnest(CAST(:idpel AS text[])) i ORDER BY i COLLATE "C" ON CONFLICT DO NOTHING

-- name: dilihat_asing
-- Those of some customers that are not in a session's snapshot.
SELECT i FROM unnest(CAST(:idpel AS text[])) i
 WHERE NOT EXISTS (SELECT 1 FROM pengesahan.bacaan b WHERE b.sesi_id = :sesi_id AND b.idpel = i) ORDER BY i

-- name: harus_dilihat
-- What somebody who approves a session has to have looked at, how many rows, and how many of them a person has not.
SELECT coalesce(max(w.wajib), 'tidak') AS wajib, count(*) AS dari,
       count(*) FILTER (WHERE w.idpel NOT IN (SELECT d.idpel FROM pengesahan.dilihat d
                                               WHERE d.sesi_id = :sesi_id AND d.oleh = CAST(:oleh AS text))) AS kurang
  FROM pengesahan.harus_dilihat w WHERE w.sesi_id = :sesi_id

-- name: dilihat_boleh
-- Whether a person may mark rows of a session now, and write what they found (as jaga_dilihat).
SELECT EXISTS (SELECT 1 FROM pengesahan.sesi s JOIN pengesahan.gerbang g ON g.sesi_id = s.id
                WHERE s.id = :sesi_id AND s.jenis = 'PENGESAHAN' AND s.status = 'BERJALAN'
                  AND s.tahap = 'MENUNGGU_PERSETUJUAN' AND :oleh = ANY (g.orang))

-- name: tampilan_dilihat
-- How many rows of a session a person has looked at, how many passed with a flag, how many of those they have looked at.
SELECT count(*) FILTER (WHERE k.dilihat) AS saya, count(*) FILTER (WHERE k.ditandai) AS ditandai,
       count(*) FILTER (WHERE k.dilihat AND k.ditandai) AS ditandai_saya
  FROM (SELECT g.hasil = 'LOLOS' AND cardinality(g.dlpd) > 0 AS ditandai,
               g.idpel IN (SELECT d.idpel FROM pengesahan.dilihat d WHERE d.sesi_id = :sesi_id AND d.oleh = :oleh) AS dilihat
          FROM pengesahan.saringan g WHERE g.sesi_id = :sesi_id) k

-- name: berkas_dilihat
-- Of each person who looked at any: how many rows, how many of those had passed with a flag, and how many such rows there are.
WITH ditandai AS MATERIALIZED (
    SELECT g.idpel FROM pengesahan.saringan g WHERE g.sesi_id = :sesi_id AND g.hasil = 'LOLOS' AND cardinality(g.dlpd) > 0
)
SELECT d.oleh, count(*) AS jumlah, count(*) FILTER (WHERE d.idpel IN (SELECT t.idpel FROM ditandai t)) AS ditandai,
       (SELECT count(*) FROM ditandai) AS dari
  FROM pengesahan.dilihat d WHERE d.sesi_id = :sesi_id GROUP BY d.oleh ORDER BY d.oleh

-- name: pemeriksaan_catat
-- Where the same person writes of the same row at the same moment one of the two is not written.
INSERT INTO pengesahan.pemeriksaan (sesi_id, idpel, oleh, hasil, tindak_lanjut, catatan)
VALUES (:sesi_id, :idpel, :oleh, :hasil, :tindak_lanjut, :catatan) ON CONFLICT DO NOTHING

-- name: pemeriksaan_pelanggan
SELECT oleh, hasil, tindak_lanjut, catatan, pada
  FROM pengesahan.pemeriksaan_akhir WHERE sesi_id = :sesi_id AND idpel = :idpel ORDER BY pada, oleh

-- name: pemeriksaan_kali
SELECT count(*) FROM pengesahan.pemeriksaan WHERE sesi_id = :sesi_id AND idpel = :idpel AND oleh = :oleh

-- name: pemeriksaan_jumlah
-- Customers by what was found. Of whom two people said different things counts with each.
SELECT hasil, count(DISTINCT idpel) AS pelanggan
  FROM pengesahan.pemeriksaan_akhir WHERE sesi_id = :sesi_id GROUP BY hasil ORDER BY hasil

-- name: pemeriksaan_bulan
-- The same of a unit's month, by kelompok. Who was examined in two rounds counts once.
SELECT s.unitup, s.thblrek, s.hari_baca, p.hasil, p.tindak_lanjut, count(DISTINCT p.idpel) AS pelanggan
  FROM pengesahan.sesi s JOIN pengesahan.pemeriksaan_akhir p ON p.sesi_id = s.id
 WHERE s.unitup = :unitup AND s.thblrek = :thblrek AND (CAST(:hari_baca AS text) IS NULL OR s.hari_baca = :hari_baca)
 GROUP BY s.unitup, s.thblrek, s.hari_baca, p.hasil, p.tindak_lanjut
 ORDER BY s.hari_baca, p.hasil, p.tindak_lanjut NULLS LAST

-- name: berkas_pemeriksaan
SELECT idpel, oleh, hasil, tindak_lanjut, catatan, pada
  FROM pengesahan.pemeriksaan_akhir WHERE sesi_id = :sesi_id ORDER BY idpel, oleh COLLATE "C"
