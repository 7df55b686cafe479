-- The pattern of approval that holds for a unit now; no row means the defaults.
SELECT pola, pengesah, batas_jam_nyala FROM pengesahan.pola_unit
 WHERE unitup = :unitup ORDER BY id DESC LIMIT 1
