-- The owner's statement alone; the ledger numbers, hashes and dates the row.
INSERT INTO pengesahan.konfigurasi (teks, isi, oleh, alasan) VALUES (:teks, CAST(:isi AS jsonb), :oleh, :alasan)
RETURNING *
