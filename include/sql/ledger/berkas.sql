-- A session as a file that is checked without the ledger.

-- name: berkas_gerbang
SELECT urutan, sidik, orang, dibuka_pada FROM pengesahan.gerbang WHERE sesi_id = :sesi_id ORDER BY urutan

-- name: berkas_persetujuan
SELECT urutan, keputusan, oleh, catatan, kembalikan, sidik, petugas, dijawab_pada, dicatat_pada, tiba
  FROM pengesahan.persetujuan WHERE sesi_id = :sesi_id ORDER BY urutan

-- name: berkas_batch
SELECT kunci::text AS kunci, epoch, oleh, sidik_isi, status, dikirim_pada, selesai_pada, keterangan, idpel
  FROM pengesahan.batch WHERE sesi_id = :sesi_id ORDER BY epoch, idpel[1], kunci

-- name: berkas_luar
SELECT idpel, kejadian, tahap, kodeposting, no_pengesahan, oleh, waktu, ditemukan_pada
  FROM pengesahan.luar_sistem WHERE sesi_id = :sesi_id ORDER BY idpel, id

-- name: berkas_baris
-- A session's rows for its file, what came of each, and last what the file does not show. Up to kwh_kirim and pilihan it is
-- what a digest of the first form takes in, of which tertutup is part. Of all rows, or of a range (see sidik_baris).
COPY (
SELECT b.sesi_id, b.idpel, b.unitup, b.thblrek, b.hari_baca, b.kddk, b.tarif, b.daya, b.fkmkwh, b.fkmkvarh, b.digit_meter,
       b.tgl_baca, b.petugas_baca, b.kode_baca, b.kelainan, b.slalwbp, b.sahlwbp, b.slawbp, b.sahwbp, b.slakvarh,
       b.sahkvarh, b.lwbpcabut, b.lwbppasang, b.wbpcabut, b.wbppasang, b.fkmkwh_lama, b.pemkwh, b.pemkwh_lalu,
       b.pemkwh_rata3, b.verif_pengawas_oleh, b.verif_pengawas_pada, b.verif_vendor_oleh, b.verif_vendor_pada,
       b.kirim_oleh, b.kirim_pada, b.diubah_pada,
       encode(sha256(convert_to(ROW(b.sesi_id, b.idpel, b.nama, b.foto_url, b.latitude, b.longitude, b.cacat)::text,
                                'UTF8')), 'hex') AS tertutup,
       s.daya AS daya_saringan, s.kwh, s.jam_nyala, s.hasil, s.alasan, s.dlpd, s.lalu_bulan, s.lalu_lwbp, s.lalu_wbp,
       s.lalu_fkm, s.kwh_kirim, b.pilihan, h.kunci, h.status, h.kode, h.pesan, h.kodeposting, extract(epoch FROM h.pada),
       b.nama, b.foto_url, b.latitude, b.longitude, b.cacat
  FROM pengesahan.bacaan b LEFT JOIN pengesahan.saringan s ON s.sesi_id = b.sesi_id AND s.idpel = b.idpel
       AND ({sesudah} IS NULL OR s.idpel > {sesudah}) AND ({sampai} IS NULL OR s.idpel <= {sampai})
  LEFT JOIN pengesahan.hasil h ON h.sesi_id = b.sesi_id AND h.idpel = b.idpel
 WHERE b.sesi_id = {sesi_id} AND ({sesudah} IS NULL OR b.idpel > {sesudah}) AND ({sampai} IS NULL OR b.idpel <= {sampai})
 ORDER BY b.idpel COLLATE "C"
) TO STDOUT

-- name: berkas_pembatalan
-- The same of a cancellation, in which nothing is hidden.
COPY (
SELECT r.sesi_id, r.idpel, r.kodeposting, r.no_pengesahan, r.asal, r.kwh, r.oleh, r.waktu, r.hasil, r.sebab,
       h.kunci, h.status, h.kode, h.pesan, h.kodeposting, extract(epoch FROM h.pada)
  FROM pengesahan.pembatalan_baris r LEFT JOIN pengesahan.hasil h ON h.sesi_id = r.sesi_id AND h.idpel = r.idpel
 WHERE r.sesi_id = {sesi_id} AND ({sesudah} IS NULL OR r.idpel > {sesudah}) AND ({sampai} IS NULL OR r.idpel <= {sampai})
 ORDER BY r.idpel COLLATE "C"
) TO STDOUT
