-- Rows of a cancellation with the approval each would undo, and what came of them: one page, with the number of all.
SELECT k.semua, k.idpel, b.nama, b.kddk, k.kodeposting, k.no_pengesahan, k.putaran, k.kwh, k.hasil = 'BOLEH' AS boleh,
       k.sebab, h.status AS hasil, h.kode, h.pesan
  FROM (SELECT r.*, a.putaran, count(*) OVER () AS semua, row_number() OVER (
                   ORDER BY CASE WHEN :urut = 'kwh' AND NOT :turun THEN r.kwh END,
                            CASE WHEN :urut = 'kwh' AND :turun THEN r.kwh END DESC NULLS LAST,
                            CASE WHEN :urut = 'idpel' AND :turun THEN r.idpel END DESC, r.idpel) AS nomor
          FROM pengesahan.pembatalan_baris r
          LEFT JOIN pengesahan.sesi a ON a.id = r.asal
         WHERE r.sesi_id = :sesi_id
           AND CASE :saring WHEN 'batal' THEN r.hasil = 'BOLEH' WHEN 'ditahan' THEN r.hasil = 'TIDAK' ELSE true END
           AND (CAST(:kode AS text) IS NULL OR r.sebab = :kode)
           AND (CAST(:awal AS text) IS NULL OR starts_with(r.idpel, :awal))) k
  LEFT JOIN pengesahan.bacaan b ON b.sesi_id = k.asal AND b.idpel = k.idpel
  LEFT JOIN pengesahan.hasil h ON h.sesi_id = k.sesi_id AND h.idpel = k.idpel
 WHERE k.nomor > :lewati AND k.nomor <= :lewati + :ukuran
 ORDER BY k.nomor
