-- How many customers there are of each status, whatever status is asked for, where nothing is searched for.
SELECT status_no, count(*) FROM pelanggan
 WHERE (:hari_baca IS NULL OR hari_baca = :hari_baca)
   AND (:dlpd = 0 OR dlpd_bit & :dlpd)
   AND (:jam_min IS NULL OR jam_n >= :jam_min) AND (:jam_maks IS NULL OR jam_n <= :jam_maks)
 GROUP BY status_no
