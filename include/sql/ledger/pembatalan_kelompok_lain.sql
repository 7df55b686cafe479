-- Which of these customers the unit approved, or looked at, this month in another kelompok.
SELECT DISTINCT b.idpel
  FROM pengesahan.sesi s
  JOIN pengesahan.bacaan b ON b.sesi_id = s.id AND b.idpel = ANY (CAST(:idpel AS text[]))
 WHERE s.unitup = :unitup AND s.thblrek = :thblrek AND s.hari_baca <> :hari_baca
