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
 WHERE j.dibuka_pada IS NULL
   AND (j.tgl_mulai, j.jumlah_hari, j.jatuh_tempo, j.tenggat)
       IS DISTINCT FROM (excluded.tgl_mulai, excluded.jumlah_hari, excluded.jatuh_tempo, excluded.tenggat)
