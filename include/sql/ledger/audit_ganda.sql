-- Rows of one unit and month that were posted twice without a cancellation between (invariant 3).
WITH kejadian AS (
    SELECT h.idpel, s.nomor, h.pada, h.status = 'POSTING' AS posting
      FROM pengesahan.hasil h JOIN pengesahan.sesi s ON s.id = h.sesi_id
     WHERE s.unitup = :unitup AND s.thblrek = :thblrek AND h.status IN ('POSTING', 'BATAL', 'BELUM_POSTING')
    UNION ALL
    SELECT l.idpel, s.nomor, l.ditemukan_pada, false
      FROM pengesahan.luar_sistem l JOIN pengesahan.sesi s ON s.id = l.sesi_id
     WHERE s.unitup = :unitup AND s.thblrek = :thblrek AND l.kejadian = 'DIBATALKAN'
), urut AS (
    SELECT idpel, nomor, posting, lag(posting) OVER w AS tadi, lag(nomor) OVER w AS nomor_tadi
      FROM kejadian WINDOW w AS (PARTITION BY idpel ORDER BY pada)
)
SELECT nomor, format('%s pelanggan diposting lagi sesudah sesi %s tanpa pembatalan di antaranya (%s)', count(*), nomor_tadi,
                     array_to_string((array_agg(idpel ORDER BY idpel))[1:5], ', ')) AS apa
  FROM urut WHERE posting AND tadi GROUP BY nomor, nomor_tadi ORDER BY nomor, nomor_tadi
