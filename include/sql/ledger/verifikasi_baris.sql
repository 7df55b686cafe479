-- How each row of a snapshot was verified, those that need a look (DLPD) first; hours since the reading, exact.
SELECT b.idpel, g.hasil, coalesce(g.dlpd, '{}') AS dlpd, b.petugas_baca, b.tgl_baca,
       b.verif_pengawas_oleh AS pengawas, b.verif_pengawas_pada AS pengawas_pada,
       round(extract(epoch FROM b.verif_pengawas_pada - b.tgl_baca) / 3600, 2) AS pengawas_jam,
       b.verif_vendor_oleh AS vendor, b.verif_vendor_pada AS vendor_pada,
       round(extract(epoch FROM b.verif_vendor_pada - b.tgl_baca) / 3600, 2) AS vendor_jam,
       b.diubah_pada, round(extract(epoch FROM b.diubah_pada - b.tgl_baca) / 3600, 2) AS diubah_jam,
       g.kwh, b.pemkwh_lalu AS kwh_lalu, b.pemkwh_rata3 AS kwh_rata3, b.foto_url AS foto,
       b.slalwbp, b.slawbp, b.fkmkwh, g.lalu_bulan, g.lalu_lwbp, g.lalu_wbp, g.lalu_fkm
  FROM pengesahan.bacaan b LEFT JOIN pengesahan.saringan g ON g.sesi_id = b.sesi_id AND g.idpel = b.idpel
 WHERE b.sesi_id = :sesi_id
   AND (NOT CAST(:dlpd AS boolean) OR cardinality(g.dlpd) > 0)
   AND (CAST(:oleh AS text) IS NULL
        OR lower(btrim(:oleh, E' \t\r\n')) IN (lower(btrim(b.verif_pengawas_oleh, E' \t\r\n')),
                                               lower(btrim(b.verif_vendor_oleh, E' \t\r\n'))))
   AND (CAST(:idpel AS text[]) IS NULL OR b.idpel = ANY (CAST(:idpel AS text[])))
 ORDER BY (cardinality(g.dlpd) > 0) IS TRUE DESC, b.idpel
 LIMIT CAST(:batas AS bigint)
