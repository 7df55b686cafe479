-- Tried in vain: again after 1, 2, 4, ... minutes, an hour at most. What is a day old is given up when it is next due.
UPDATE pengesahan.pemberitahuan
   SET status = 'GAGAL', percobaan = percobaan + 1, keterangan = :keterangan,
       berikut_pada = clock_timestamp() + make_interval(mins => least(60, 1 << least(percobaan, 6)))
 WHERE id = :id AND status IN ('MENUNGGU', 'GAGAL')
