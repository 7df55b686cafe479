SELECT unitup, pola, pengesah, batas_jam_nyala, oleh, alasan, berlaku_sejak
  FROM pengesahan.pola_unit
 WHERE CAST(:unitup AS text) IS NULL OR unitup = :unitup
 ORDER BY unitup, id
