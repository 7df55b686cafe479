-- How far a kelompok is.

-- name: baca_kesiapan
-- What readiness looks at, for one kelompok (looked at every minute, so only these columns).
SELECT {kolom}
FROM acmt.v_bacaan WHERE unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca ORDER BY idpel

-- name: hitung_kesiapan
-- How far one kelompok of many units is, by what is filled in at all: a condition that readiness needs, not readiness itself.
SELECT
    unitup, COUNT(*) AS pelanggan, COUNT({terisi}) AS terisi,
    SUM(CASE WHEN verif_pengawas_pada IS NOT NULL AND verif_vendor_pada IS NOT NULL THEN 1 ELSE 0 END) AS terverifikasi,
    COUNT(kirim_pada) AS terkirim,
    SUM(
        CASE
            WHEN {terisi} IS NOT NULL AND verif_pengawas_pada IS NOT NULL AND verif_vendor_pada IS NOT NULL
                AND kirim_pada IS NOT NULL THEN 1
            ELSE 0
        END
    ) AS penuh
FROM acmt.v_bacaan WHERE thblrek = :thblrek AND hari_baca = :hari_baca AND unitup IN :unit GROUP BY unitup
