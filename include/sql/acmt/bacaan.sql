-- Readings of ACMT: a kelompok, a range of it, a customer.

-- name: jumlah
-- How many readings a kelompok has, and how many of them are found by their key as it stands: blanks in it hide the others.
SELECT
    COUNT(*) AS semua,
    SUM(CASE WHEN unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca THEN 1 ELSE 0 END) AS terbaca
FROM acmt.v_bacaan
WHERE unitup BETWEEN :unitup AND :unitup_atas AND TRIM(unitup) = :unitup AND TRIM(thblrek) = :thblrek
    AND TRIM(hari_baca) = :hari_baca

-- name: idpel_ganda
-- Customers that a kelompok holds more than once, blanks around the number aside: the contract's key is (idpel, thblrek).
SELECT COALESCE(TRIM(idpel), '') AS idpel, COUNT(*) AS jumlah FROM acmt.v_bacaan
WHERE unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca GROUP BY COALESCE(TRIM(idpel), '')
HAVING COUNT(*) > 1

-- name: baca
-- Every reading of one kelompok, all columns in the order of the contract (domain/model.py, KOLOM_BACAAN).
SELECT
    idpel, unitup, thblrek, hari_baca, kddk, nama, tarif, daya, fkmkwh, fkmkvarh, digit_meter, tgl_baca, petugas_baca,
    kode_baca, kelainan, slalwbp, sahlwbp, slawbp, sahwbp, slakvarh, sahkvarh, lwbpcabut, lwbppasang, wbpcabut,
    wbppasang, fkmkwh_lama, pemkwh, pemkwh_lalu, pemkwh_rata3, foto_url, latitude, longitude, verif_pengawas_oleh,
    verif_pengawas_pada, verif_vendor_oleh, verif_vendor_pada, kirim_oleh, kirim_pada, diubah_pada
FROM acmt.v_bacaan WHERE unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca ORDER BY idpel

-- name: baca_rentang
-- The readings of one kelompok in a range of idpel, both ends included; columns as in baca.
SELECT
    idpel, unitup, thblrek, hari_baca, kddk, nama, tarif, daya, fkmkwh, fkmkvarh, digit_meter, tgl_baca, petugas_baca,
    kode_baca, kelainan, slalwbp, sahlwbp, slawbp, sahwbp, slakvarh, sahkvarh, lwbpcabut, lwbppasang, wbpcabut,
    wbppasang, fkmkwh_lama, pemkwh, pemkwh_lalu, pemkwh_rata3, foto_url, latitude, longitude, verif_pengawas_oleh,
    verif_pengawas_pada, verif_vendor_oleh, verif_vendor_pada, kirim_oleh, kirim_pada, diubah_pada
FROM acmt.v_bacaan
WHERE unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca AND idpel >= :dari AND idpel <= :sampai
ORDER BY idpel

-- name: salin_postgresql
-- The readings of one kelompok as COPY text, columns as in baca, text without the blanks of CHAR, blank text NULL; all of
-- them, or a range of idpel, both ends included.
COPY (
    SELECT
        coalesce(nullif(rtrim(v.idpel, ' '), ''), '(kosong)') AS idpel,
        nullif(btrim(v.unitup, E' \t\n\r\f\v'), '') AS unitup, nullif(btrim(v.thblrek, E' \t\n\r\f\v'), '') AS thblrek,
        nullif(btrim(v.hari_baca, E' \t\n\r\f\v'), '') AS hari_baca, nullif(btrim(v.kddk, E' \t\n\r\f\v'), '') AS kddk,
        nullif(btrim(v.nama, E' \t\n\r\f\v'), '') AS nama, nullif(btrim(v.tarif, E' \t\n\r\f\v'), '') AS tarif, v.daya,
        v.fkmkwh, v.fkmkvarh, v.digit_meter, v.tgl_baca,
        nullif(btrim(v.petugas_baca, E' \t\n\r\f\v'), '') AS petugas_baca,
        nullif(btrim(v.kode_baca, E' \t\n\r\f\v'), '') AS kode_baca,
        nullif(btrim(v.kelainan, E' \t\n\r\f\v'), '') AS kelainan, v.slalwbp, v.sahlwbp, v.slawbp, v.sahwbp, v.slakvarh,
        v.sahkvarh, v.lwbpcabut, v.lwbppasang, v.wbpcabut, v.wbppasang, v.fkmkwh_lama, v.pemkwh, v.pemkwh_lalu,
        v.pemkwh_rata3, nullif(btrim(v.foto_url, E' \t\n\r\f\v'), '') AS foto_url, v.latitude, v.longitude,
        nullif(btrim(v.verif_pengawas_oleh, E' \t\n\r\f\v'), '') AS verif_pengawas_oleh, v.verif_pengawas_pada,
        nullif(btrim(v.verif_vendor_oleh, E' \t\n\r\f\v'), '') AS verif_vendor_oleh, v.verif_vendor_pada,
        nullif(btrim(v.kirim_oleh, E' \t\n\r\f\v'), '') AS kirim_oleh, v.kirim_pada, v.diubah_pada
    FROM acmt.v_bacaan AS v
    WHERE v.unitup = %(unitup)s AND v.thblrek = %(thblrek)s AND v.hari_baca = %(hari_baca)s
        AND (%(dari)s::text IS NULL OR v.idpel >= %(dari)s AND v.idpel <= %(sampai)s)
    ORDER BY v.idpel
) TO STDOUT

-- name: pelanggan
-- One customer's readings in a month, or (*) in every month ACMT still holds; columns in the order of the contract.
SELECT
    idpel, unitup, thblrek, hari_baca, kddk, nama, tarif, daya, fkmkwh, fkmkvarh, digit_meter, tgl_baca, petugas_baca,
    kode_baca, kelainan, slalwbp, sahlwbp, slawbp, sahwbp, slakvarh, sahkvarh, lwbpcabut, lwbppasang, wbpcabut,
    wbppasang, fkmkwh_lama, pemkwh, pemkwh_lalu, pemkwh_rata3, foto_url, latitude, longitude, verif_pengawas_oleh,
    verif_pengawas_pada, verif_vendor_oleh, verif_vendor_pada, kirim_oleh, kirim_pada, diubah_pada
FROM acmt.v_bacaan
WHERE idpel BETWEEN :idpel AND :idpel_atas AND TRIM(idpel) = :idpel AND (:thblrek = '*' OR TRIM(thblrek) = :thblrek)
ORDER BY thblrek DESC

-- name: jumlah_bulan
-- How many customers each kelompok of every unit has in a billing month.
SELECT unitup, hari_baca, COUNT(*) AS jumlah FROM acmt.v_bacaan WHERE thblrek = :thblrek GROUP BY unitup, hari_baca

-- name: jumlah_bulan_unit
-- How many customers each kelompok of one unit has in a billing month.
SELECT unitup, hari_baca, COUNT(*) AS jumlah FROM acmt.v_bacaan
WHERE unitup = :unitup AND thblrek = :thblrek GROUP BY unitup, hari_baca
