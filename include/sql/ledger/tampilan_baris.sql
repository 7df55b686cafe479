-- Rows of an approval's snapshot with what the sieve said and what came of them: one page, sorted, with the number of all.
SELECT k.semua, b.idpel, b.nama, b.kddk, b.tarif, b.daya, g.kwh, b.pemkwh_lalu AS kwh_lalu, b.pemkwh_rata3 AS kwh_rata3,
       g.jam_nyala, b.slalwbp, b.sahlwbp, b.slawbp, b.sahwbp, b.slakvarh, b.sahkvarh, b.lwbpcabut, b.lwbppasang,
       b.wbpcabut, b.wbppasang, b.fkmkwh, b.fkmkwh_lama, b.digit_meter, b.cacat, g.alasan, g.dlpd,
       g.lalu_bulan, g.lalu_lwbp, g.lalu_wbp, g.lalu_fkm, b.foto_url, b.kode_baca,
       b.kelainan, b.petugas_baca, b.tgl_baca, b.verif_pengawas_oleh AS pengawas, b.verif_pengawas_pada AS pengawas_pada,
       round(extract(epoch FROM b.verif_pengawas_pada - b.tgl_baca) / 3600, 2) AS pengawas_jam,
       b.verif_vendor_oleh AS vendor, b.verif_vendor_pada AS vendor_pada,
       round(extract(epoch FROM b.verif_vendor_pada - b.tgl_baca) / 3600, 2) AS vendor_jam,
       b.kirim_oleh, b.kirim_pada, b.diubah_pada,
       round(extract(epoch FROM b.diubah_pada - b.tgl_baca) / 3600, 2) AS diubah_jam,
       g.hasil AS saringan, h.status AS hasil, h.kode, h.pesan
  FROM (SELECT p.*, count(*) OVER () AS semua, row_number() OVER (
                   ORDER BY CASE WHEN NOT :turun THEN p.angka END, CASE WHEN :turun THEN p.angka END DESC NULLS LAST,
                            CASE WHEN NOT :turun THEN p.kata END, CASE WHEN :turun THEN p.kata END DESC NULLS LAST,
                            p.idpel) AS nomor
          FROM (SELECT g.idpel,
                       CASE :urut WHEN 'kwh' THEN g.kwh WHEN 'jam_nyala' THEN g.jam_nyala WHEN 'daya' THEN b.daya
                                  WHEN 'kwh_lalu' THEN b.pemkwh_lalu WHEN 'selisih' THEN g.kwh - b.pemkwh_lalu
                                  WHEN 'perhatian' THEN - cardinality(g.alasan) * 100 - cardinality(g.dlpd)
                                  WHEN 'vendor_jam' THEN extract(epoch FROM b.verif_vendor_pada - b.tgl_baca)
                                  WHEN 'pengawas_jam' THEN extract(epoch FROM b.verif_pengawas_pada - b.tgl_baca) END AS angka,
                       CASE :urut WHEN 'idpel' THEN b.idpel WHEN 'nama' THEN b.nama WHEN 'kddk' THEN b.kddk
                                  WHEN 'tarif' THEN b.tarif WHEN 'petugas_baca' THEN b.petugas_baca END AS kata
                  FROM pengesahan.saringan g
                  JOIN pengesahan.bacaan b ON b.sesi_id = g.sesi_id AND b.idpel = g.idpel
                 WHERE g.sesi_id = :sesi_id
                   AND CASE :saring WHEN 'dlpd' THEN cardinality(g.dlpd) > 0 AND g.hasil = 'LOLOS'
                                    WHEN 'ditahan' THEN g.hasil = 'DITAHAN' WHEN 'lolos' THEN g.hasil = 'LOLOS' ELSE true END
                   AND (CAST(:idpel AS text[]) IS NULL OR g.idpel = ANY (CAST(:idpel AS text[])))
                   AND (CAST(:kode AS text) IS NULL OR :kode = ANY (g.dlpd) OR :kode = ANY (g.alasan))
                   AND (CAST(:awal AS text) IS NULL OR starts_with(g.idpel, :awal))) p) k
  JOIN pengesahan.saringan g ON g.sesi_id = :sesi_id AND g.idpel = k.idpel
  JOIN pengesahan.bacaan b ON b.sesi_id = g.sesi_id AND b.idpel = g.idpel
  LEFT JOIN pengesahan.hasil h ON h.sesi_id = g.sesi_id AND h.idpel = g.idpel
 WHERE k.nomor > :lewati AND k.nomor <= :lewati + :ukuran
 ORDER BY k.nomor
