-- Kelompok that are due and not opened by the schedule, and those of them that are past their deadline. A kelompok is due
-- from its own unit's day on, which the schedule knew when it wrote a look's counts; after a month it is given up.
SELECT count(*) AS jumlah, count(*) FILTER (WHERE tenggat <= now()) AS lewat
  FROM pengesahan.jadwal
 WHERE dibuka_pada IS NULL AND ditengok_pada IS NOT NULL AND jatuh_tempo > current_date - 31
