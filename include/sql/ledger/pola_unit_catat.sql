INSERT INTO pengesahan.pola_unit (unitup, pola, pengesah, batas_jam_nyala, oleh, alasan)
VALUES (:unitup, :pola, :pengesah, :batas_jam_nyala, :oleh, :alasan)
