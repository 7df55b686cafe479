-- Sessions: opened, moved on, stopped, taken over, ended.

-- name: sesi_kunci_kelompok
-- Two runs that open the same kelompok at the same moment go one after the other.
SELECT pg_advisory_xact_lock(hashtextextended('pengesahan/' || :unitup || '/' || :thblrek || '/' || :hari_baca, 0))

-- name: sesi_terbuka
SELECT * FROM pengesahan.sesi
 WHERE unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca AND status IN ('BERJALAN', 'TERHENTI')

-- name: sesi_buka
INSERT INTO pengesahan.sesi (nomor, jenis, unitup, thblrek, hari_baca, putaran, dag_id, run_id, pola, pengesah,
                             batas_jam_nyala, batas_jawab_jam, tutup_sesudah_jam, eskalasi, konfigurasi, sampel,
                             versi_aturan, versi_kode, nama_unit, zona_waktu, pemicu, ketentuan, bentuk_sidik)
SELECT concat_ws('-', CASE CAST(:jenis AS text) WHEN 'PENGESAHAN' THEN 'PS' ELSE 'PB' END, CAST(:unitup AS text),
                 CAST(:thblrek AS text), CAST(:hari_baca AS text), lpad(p.putaran::text, 2, '0'), CAST(:acak AS text)),
       CAST(:jenis AS text), :unitup, :thblrek, :hari_baca, p.putaran, :dag_id, :run_id, :pola, :pengesah,
       :batas_jam_nyala, CAST(:batas_jawab_jam AS numeric), CAST(:tutup_sesudah_jam AS numeric),
       CAST(:eskalasi AS text[]), CAST(:konfigurasi AS integer), CAST(:sampel AS integer),
       :versi_aturan, :versi_kode, :nama_unit, :zona_waktu, :pemicu, CAST(:ketentuan AS jsonb),
       CAST(:bentuk_sidik AS smallint)
  FROM (SELECT coalesce(max(putaran), 0) + 1 AS putaran
          FROM pengesahan.sesi
         WHERE jenis = CAST(:jenis AS text) AND unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca) p
RETURNING *

-- name: sesi_garam
INSERT INTO pengesahan.garam (sesi_id, isi) VALUES (:sesi_id, :isi)

-- name: sesi_ambil
SELECT * FROM pengesahan.sesi WHERE id = :sesi_id

-- name: sesi_bernomor
SELECT * FROM pengesahan.sesi WHERE nomor = :nomor

-- name: sesi_milik_run
SELECT * FROM pengesahan.sesi WHERE dag_id = :dag_id AND run_id = :run_id

-- name: sesi_semua_terbuka
SELECT * FROM pengesahan.sesi WHERE status IN ('BERJALAN', 'TERHENTI') ORDER BY id

-- name: sesi_kunci
-- Hold a session until this transaction ends, as strongly as any statement that may follow.
SELECT id FROM pengesahan.sesi WHERE id = :sesi_id FOR UPDATE

-- name: sesi_pegang
-- Hold the session for this transaction if it still runs under this epoch; as strong a lock as outcomes take later.
SELECT id FROM pengesahan.sesi WHERE id = :sesi_id AND epoch = :epoch AND status = 'BERJALAN' FOR NO KEY UPDATE

-- name: sesi_cuplikan
-- Only the run that holds the session moves it, and only with the epoch it knows.
UPDATE pengesahan.sesi SET tahap = 'CUPLIKAN', tgl_mulai = CAST(:tgl_mulai AS date),
                           dicuplik_pada = CAST(:dicuplik_pada AS timestamptz)
 WHERE id = :sesi_id AND epoch = :epoch AND status = 'BERJALAN' RETURNING *

-- name: sesi_tahap
-- Only the run that holds the session moves it, and only with the epoch it knows.
UPDATE pengesahan.sesi SET tahap = :tahap WHERE id = :sesi_id AND epoch = :epoch AND status = 'BERJALAN' RETURNING *

-- name: sesi_isi
UPDATE pengesahan.sesi SET sidik = :sidik, rekap = CAST(:rekap AS jsonb)
 WHERE id = :sesi_id AND epoch = :epoch AND status = 'BERJALAN' RETURNING *

-- name: sesi_mulai_posting
-- Each start of posting gets an epoch of its own, so that an earlier start of the same run, should its process still
-- live, can send nothing more.
UPDATE pengesahan.sesi SET tahap = 'MEMPOSTING', epoch = epoch + 1
 WHERE id = :sesi_id AND epoch = :epoch AND status = 'BERJALAN' RETURNING *

-- name: sesi_hentikan
UPDATE pengesahan.sesi SET status = 'TERHENTI', keterangan = :keterangan
 WHERE id = :sesi_id AND epoch = :epoch AND status = 'BERJALAN' RETURNING *

-- name: sesi_lanjutkan
UPDATE pengesahan.sesi SET status = 'BERJALAN', keterangan = NULL WHERE id = :sesi_id AND status = 'TERHENTI'
RETURNING *

-- name: sesi_naikkan_epoch
-- First half of a takeover: from here on no send of the old run is let through.
UPDATE pengesahan.sesi SET epoch = epoch + 1, status = 'TERHENTI', keterangan = :keterangan
 WHERE id = :sesi_id AND status IN ('BERJALAN', 'TERHENTI') RETURNING *

-- name: sesi_ambil_alih
-- Second half of a takeover, once every batch in flight is settled.
UPDATE pengesahan.sesi SET status = 'DIAMBIL_ALIH', keterangan = :keterangan, diakhiri_pada = clock_timestamp()
 WHERE id = :sesi_id AND status = 'TERHENTI'
   AND NOT EXISTS (SELECT 1 FROM pengesahan.batch b WHERE b.sesi_id = :sesi_id AND b.status = 'DIKIRIM')
RETURNING *

-- name: sesi_kedaluwarsa
-- End a session nobody answered in time, whether its run still waits or not; only while it waits, never by surprise.
UPDATE pengesahan.sesi SET status = 'KEDALUWARSA', keterangan = :keterangan, diakhiri_pada = clock_timestamp()
 WHERE id = :sesi_id AND epoch = :epoch AND status IN ('BERJALAN', 'TERHENTI') AND tahap = 'MENUNGGU_PERSETUJUAN'
RETURNING *

-- name: sesi_akhiri
UPDATE pengesahan.sesi SET status = :status, keterangan = :keterangan, diakhiri_pada = clock_timestamp()
 WHERE id = :sesi_id AND epoch = :epoch AND status = 'BERJALAN' RETURNING *
