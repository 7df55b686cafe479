-- What a look at ACMT counted (a JSON array), for kelompok that are not open yet.
UPDATE pengesahan.jadwal j
   SET ditengok_pada = :pada, pelanggan = b.pelanggan, terisi = b.terisi, terverifikasi = b.terverifikasi,
       terkirim = b.terkirim
  FROM jsonb_to_recordset(CAST(:isi AS jsonb)) AS b (unitup text, thblrek text, hari_baca text, pelanggan integer,
       terisi integer, terverifikasi integer, terkirim integer)
 WHERE (j.unitup, j.thblrek, j.hari_baca) = (b.unitup, b.thblrek, b.hari_baca) AND j.dibuka_pada IS NULL
