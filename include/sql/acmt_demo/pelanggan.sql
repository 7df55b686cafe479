-- The customers of one billing month, as the AP2T side knows them; in no order, so that it streams at once.
SELECT idpel, unitup, thblrek, hari_baca, daya
FROM acmt.v_bacaan
WHERE thblrek = %(thblrek)s
