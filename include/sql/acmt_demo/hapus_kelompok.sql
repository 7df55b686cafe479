-- Filling a kelompok again replaces it.
DELETE FROM acmt_dasar.bacaan
WHERE unitup = %(unitup)s AND thblrek = %(thblrek)s AND hari_baca = %(hari_baca)s
