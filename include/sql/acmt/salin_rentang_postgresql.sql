-- The readings of one kelompok in a range of idpel, both ends included, as COPY text; columns as in salin_postgresql.sql.
COPY (
    SELECT
        coalesce(nullif(rtrim(v.idpel, ' '), ''), '(kosong)') AS idpel,
        nullif(btrim(v.unitup, E' \t\n\r\f\v'), '') AS unitup,
        nullif(btrim(v.thblrek, E' \t\n\r\f\v'), '') AS thblrek,
        nullif(btrim(v.hari_baca, E' \t\n\r\f\v'), '') AS hari_baca,
        nullif(btrim(v.kddk, E' \t\n\r\f\v'), '') AS kddk, nullif(btrim(v.nama, E' \t\n\r\f\v'), '') AS nama,
        nullif(btrim(v.tarif, E' \t\n\r\f\v'), '') AS tarif, v.daya, v.fkmkwh, v.fkmkvarh, v.digit_meter, v.tgl_baca,
        nullif(btrim(v.petugas_baca, E' \t\n\r\f\v'), '') AS petugas_baca,
        nullif(btrim(v.kode_baca, E' \t\n\r\f\v'), '') AS kode_baca,
        nullif(btrim(v.kelainan, E' \t\n\r\f\v'), '') AS kelainan,
        v.slalwbp, v.sahlwbp, v.slawbp, v.sahwbp, v.slakvarh, v.sahkvarh, v.lwbpcabut, v.lwbppasang, v.wbpcabut,
        v.wbppasang, v.fkmkwh_lama, v.pemkwh, v.pemkwh_lalu, v.pemkwh_rata3,
        nullif(btrim(v.foto_url, E' \t\n\r\f\v'), '') AS foto_url, v.latitude, v.longitude,
        nullif(btrim(v.verif_pengawas_oleh, E' \t\n\r\f\v'), '') AS verif_pengawas_oleh, v.verif_pengawas_pada,
        nullif(btrim(v.verif_vendor_oleh, E' \t\n\r\f\v'), '') AS verif_vendor_oleh, v.verif_vendor_pada,
        nullif(btrim(v.kirim_oleh, E' \t\n\r\f\v'), '') AS kirim_oleh, v.kirim_pada, v.diubah_pada
    FROM acmt.v_bacaan AS v
    WHERE v.unitup = %(unitup)s AND v.thblrek = %(thblrek)s AND v.hari_baca = %(hari_baca)s
        AND v.idpel >= %(dari)s AND v.idpel <= %(sampai)s
    ORDER BY v.idpel
) TO STDOUT
