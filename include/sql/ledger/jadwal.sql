-- What the schedule knows of each kelompok, and what it has opened.

-- name: jadwal_ambil
-- What the schedule knows from a month on; of what is open, only what fell due lately.
SELECT unitup, thblrek, hari_baca, tgl_mulai, jumlah_hari, jatuh_tempo, tenggat, ditengok_pada, pelanggan, terisi,
       terverifikasi, terkirim, lewat_sejak, dag_id, run_id, sebab, dibuka_pada
  FROM pengesahan.jadwal
 WHERE thblrek >= :thblrek AND (jatuh_tempo >= :sejak OR dibuka_pada IS NULL)
   AND (CAST(:unitup AS text) IS NULL OR unitup = :unitup)
 ORDER BY jatuh_tempo, unitup, hari_baca

-- name: jadwal_bersesi
-- Kelompok from a month on that have had a session of approval, whoever began it.
SELECT DISTINCT unitup, thblrek, hari_baca FROM pengesahan.sesi WHERE jenis = 'PENGESAHAN' AND thblrek >= :thblrek

-- name: jadwal_catat
-- Kelompok that are known of now (a JSON array): a new one is added, the dates of one that is not open yet are brought up to the
-- calendar. Its first values move with it only as long as they may.
INSERT INTO pengesahan.jadwal AS j (unitup, thblrek, hari_baca, tgl_mulai, jumlah_hari, jatuh_tempo, tenggat)
SELECT b.unitup, b.thblrek, b.hari_baca, b.tgl_mulai, b.jumlah_hari, b.jatuh_tempo, b.tenggat
  FROM jsonb_to_recordset(CAST(:isi AS jsonb)) AS b (unitup text, thblrek text, hari_baca text, tgl_mulai date,
       jumlah_hari integer, jatuh_tempo date, tenggat timestamptz)
 ORDER BY 1, 2, 3
    ON CONFLICT (unitup, thblrek, hari_baca) DO UPDATE
   SET tgl_mulai = excluded.tgl_mulai, jumlah_hari = excluded.jumlah_hari, jatuh_tempo = excluded.jatuh_tempo,
       tenggat = excluded.tenggat
 WHERE j.dibuka_pada IS NULL AND (j.tgl_mulai, j.jumlah_hari, j.jatuh_tempo, j.tenggat)
       IS DISTINCT FROM (excluded.tgl_mulai, excluded.jumlah_hari, excluded.jatuh_tempo, excluded.tenggat)

-- name: jadwal_cacat_catat
-- Calendar faults (a JSON array); those come back that were not told before.
INSERT INTO pengesahan.jadwal_cacat (unitup, thblrek, kode, hari_baca, kalimat)
SELECT b.unitup, b.thblrek, b.kode, b.hari_baca, b.kalimat
  FROM jsonb_to_recordset(CAST(:isi AS jsonb)) AS b (unitup text, thblrek text, kode text, hari_baca text, kalimat text)
 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT DO NOTHING RETURNING unitup, thblrek, kode, hari_baca, kalimat

-- name: jadwal_ditengok
-- What a look at ACMT counted (a JSON array), for kelompok that are not open yet.
UPDATE pengesahan.jadwal j
   SET ditengok_pada = :pada, pelanggan = b.pelanggan, terisi = b.terisi, terverifikasi = b.terverifikasi,
       terkirim = b.terkirim
  FROM jsonb_to_recordset(CAST(:isi AS jsonb)) AS b (unitup text, thblrek text, hari_baca text, pelanggan integer,
       terisi integer, terverifikasi integer, terkirim integer)
 WHERE (j.unitup, j.thblrek, j.hari_baca) = (b.unitup, b.thblrek, b.hari_baca) AND j.dibuka_pada IS NULL

-- name: jadwal_sudah_ada
-- Kelompok for which a person has started a session: they count as opened, by the first one.
UPDATE pengesahan.jadwal j
   SET dag_id = s.dag_id, run_id = s.run_id, dibuka_pada = s.dibuka_pada, sebab = 'ORANG'
  FROM pengesahan.jadwal k
 CROSS JOIN LATERAL (SELECT s.dag_id, s.run_id, s.dibuka_pada
                       FROM pengesahan.sesi s
                      WHERE s.jenis = 'PENGESAHAN' AND (s.unitup, s.thblrek, s.hari_baca) = (k.unitup, k.thblrek, k.hari_baca)
                      ORDER BY s.id LIMIT 1) s
 WHERE k.dibuka_pada IS NULL AND k.thblrek >= :thblrek
   AND (k.unitup, k.thblrek, k.hari_baca) = (j.unitup, j.thblrek, j.hari_baca)
   AND j.dibuka_pada IS NULL AND j.run_id IS DISTINCT FROM s.run_id

-- name: jadwal_niat
-- The run that is about to be opened; one that was meant to be stays the one. Not beside a session of somebody else: one that
-- approves is the kelompok's opening, one that cancels would keep the run from opening its own.
UPDATE pengesahan.jadwal j
   SET dag_id = coalesce(j.dag_id, :dag_id), run_id = coalesce(j.run_id, :run_id), sebab = coalesce(j.sebab, :sebab)
 WHERE unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca AND dibuka_pada IS NULL
   AND NOT EXISTS (SELECT 1 FROM pengesahan.sesi s
                    WHERE (s.unitup, s.thblrek, s.hari_baca) = (j.unitup, j.thblrek, j.hari_baca)
                      AND (s.jenis = 'PENGESAHAN' OR s.status IN ('BERJALAN', 'TERHENTI'))
                      AND s.run_id IS DISTINCT FROM j.run_id)
RETURNING dag_id, run_id, sebab

-- name: jadwal_dibuka
-- The run is surely there; the caller tells it where a row comes back.
UPDATE pengesahan.jadwal SET dibuka_pada = now()
 WHERE unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca AND run_id = :run_id AND dibuka_pada IS NULL
RETURNING jatuh_tempo, sebab

-- name: jadwal_lewat
-- Late from now on, and told: the caller tells it where a row comes back.
UPDATE pengesahan.jadwal SET lewat_sejak = now()
 WHERE unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca AND lewat_sejak IS NULL AND dibuka_pada IS NULL
RETURNING unitup
