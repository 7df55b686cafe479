-- Distribution of jam nyala, in classes of hours, of the customers that passed the sieve.
SELECT kelas, jumlah FROM (
SELECT CASE WHEN jam_nyala = 0 THEN '1. nol'
            WHEN jam_nyala < 40 THEN '2. di bawah 40'
            WHEN jam_nyala < 240 THEN '3. 40 - 239'
            WHEN jam_nyala < 720 THEN '4. 240 - 719'
            ELSE '5. 720 - 2000' END AS kelas, count(*) AS jumlah
  FROM pengesahan.saringan WHERE sesi_id = :sesi_id AND hasil = 'LOLOS' GROUP BY 1) k
 ORDER BY kelas
