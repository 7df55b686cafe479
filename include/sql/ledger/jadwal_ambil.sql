-- What the schedule knows from a month on; of what is open, only what fell due lately.
SELECT unitup, thblrek, hari_baca, tgl_mulai, jumlah_hari, jatuh_tempo, tenggat, ditengok_pada, pelanggan, terisi,
       terverifikasi, terkirim, lewat_sejak, dag_id, run_id, sebab, dibuka_pada
  FROM pengesahan.jadwal
 WHERE thblrek >= :thblrek AND (jatuh_tempo >= :sejak OR dibuka_pada IS NULL)
   AND (CAST(:unitup AS text) IS NULL OR unitup = :unitup)
 ORDER BY jatuh_tempo, unitup, hari_baca
