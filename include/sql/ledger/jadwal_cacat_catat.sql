-- Calendar faults (a JSON array); those come back that were not told before.
INSERT INTO pengesahan.jadwal_cacat (unitup, thblrek, kode, hari_baca, kalimat)
SELECT b.unitup, b.thblrek, b.kode, b.hari_baca, b.kalimat
  FROM jsonb_to_recordset(CAST(:isi AS jsonb)) AS b (unitup text, thblrek text, kode text, hari_baca text, kalimat text)
 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT DO NOTHING
RETURNING unitup, thblrek, kode, hari_baca, kalimat
