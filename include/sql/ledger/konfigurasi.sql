-- The units' configuration and its history.

-- name: konfigurasi_kunci
-- One configuration is applied after the other.
LOCK TABLE pengesahan.konfigurasi IN SHARE ROW EXCLUSIVE MODE

-- name: konfigurasi_catat
-- The owner's statement alone; the ledger numbers, hashes and dates the row.
INSERT INTO pengesahan.konfigurasi (teks, isi, oleh, alasan) VALUES (:teks, CAST(:isi AS jsonb), :oleh, :alasan)
RETURNING *

-- name: konfigurasi_ambil
-- A configuration by its number; without one the newest, which is in force.
SELECT * FROM pengesahan.konfigurasi WHERE CAST(:versi AS integer) IS NULL OR versi = :versi ORDER BY versi DESC LIMIT 1

-- name: konfigurasi_unit
-- What a configuration says of one unit; without a number the one in force.
SELECT versi, coalesce(isi -> 'unit' -> CAST(:unitup AS text), isi -> 'bawaan') AS pola
  FROM pengesahan.konfigurasi WHERE CAST(:versi AS integer) IS NULL OR versi = :versi ORDER BY versi DESC LIMIT 1

-- name: konfigurasi_riwayat
SELECT versi, berlaku_sejak, oleh, alasan, sidik FROM pengesahan.konfigurasi ORDER BY versi
