-- Readings of ACMT: a kelompok, a range of it, a customer.

-- name: jumlah
-- How many readings a kelompok has, and how many of them are found by their key as it stands: blanks in it hide the others.
SELECT
    COUNT(*) AS semua,
    SUM(CASE WHEN unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca THEN 1 ELSE 0 END) AS terbaca
FROM acmt.v_bacaan
WHERE unitup BETWEEN :unitup AND :unitup_atas
    AND (
        (unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca)
        OR (TRIM(unitup) = :unitup AND TRIM(thblrek) = :thblrek AND TRIM(hari_baca) = :hari_baca)
    )

-- name: idpel_ganda
-- Customers that a kelompok holds more than once, blanks around the number aside: the contract's key is (idpel, thblrek).
SELECT COALESCE(TRIM(idpel), '') AS idpel, COUNT(*) AS jumlah FROM acmt.v_bacaan
WHERE unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca GROUP BY COALESCE(TRIM(idpel), '')
HAVING COUNT(*) > 1

-- name: baca
-- Every reading of one kelompok; the columns are the contract's (domain/model.py, KOLOM_BACAAN) and those offered besides.
SELECT {kolom}
FROM acmt.v_bacaan WHERE unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca ORDER BY idpel

-- name: baca_rentang
-- The readings of one kelompok in a range of idpel, both ends included; columns as in baca.
SELECT {kolom}
FROM acmt.v_bacaan
WHERE unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca AND idpel >= :dari AND idpel <= :sampai
ORDER BY idpel

-- name: salin_postgresql
-- The readings of one kelompok as COPY text (source/salinan.py, perintah): text without the blanks of CHAR, blank text NULL,
-- and one column of JSON with what is offered besides. All of them, or a range of idpel, both ends included.
COPY (
    SELECT {kolom}
    FROM acmt.v_bacaan AS v
    WHERE v.unitup = %(unitup)s AND v.thblrek = %(thblrek)s AND v.hari_baca = %(hari_baca)s
        AND (%(dari)s::text IS NULL OR v.idpel >= %(dari)s AND v.idpel <= %(sampai)s)
    ORDER BY v.idpel
) TO STDOUT

-- name: pelanggan
-- One customer's readings in a month, or (*) in every month ACMT still holds; columns in the order of the contract.
SELECT {kolom}
FROM acmt.v_bacaan
WHERE idpel BETWEEN :idpel AND :idpel_atas AND TRIM(idpel) = :idpel AND (:thblrek = '*' OR TRIM(thblrek) = :thblrek)
ORDER BY thblrek DESC

-- name: beberapa
-- The readings of some customers in a month; columns in the order of the contract.
SELECT {kolom} FROM acmt.v_bacaan WHERE idpel IN :idpel AND thblrek = :thblrek

-- name: jumlah_bulan
-- How many customers each kelompok of every unit has in a billing month.
SELECT unitup, hari_baca, COUNT(*) AS jumlah FROM acmt.v_bacaan WHERE thblrek = :thblrek GROUP BY unitup, hari_baca

-- name: jumlah_bulan_unit
-- How many customers each kelompok of one unit has in a billing month.
SELECT unitup, hari_baca, COUNT(*) AS jumlah FROM acmt.v_bacaan
WHERE unitup = :unitup AND thblrek = :thblrek GROUP BY unitup, hari_baca

-- name: riwayat
-- Earlier months of some customers; the columns are those that v_riwayat offers.
SELECT {kolom} FROM acmt.v_riwayat WHERE idpel IN :idpel AND thblrek >= :dari AND thblrek < :sebelum

-- name: batas_lihat
-- PostgreSQL only: a look that people can do without ends within this time, in milliseconds, done or not.
SET LOCAL statement_timeout = 2000

-- name: riwayat_kelompok
-- One earlier month of the customers of a kelompok.
SELECT idpel, thblrek, kwh FROM acmt.v_riwayat
WHERE thblrek = :lalu
    AND idpel IN (
        SELECT idpel FROM acmt.v_bacaan
        WHERE unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca
    )

-- name: urutan
-- The keys of a kelompok, in the order in which its readings are read.
SELECT idpel FROM acmt.v_bacaan
WHERE unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca ORDER BY idpel

-- name: foto_pemakai
-- Who shows these photos in a unit's month.
SELECT idpel, foto_url FROM acmt.v_bacaan WHERE unitup = :unitup AND thblrek = :thblrek AND foto_url IN :foto

-- name: foto_bersama
-- Photos that more than one customer of a unit shows in a month.
SELECT foto_url FROM acmt.v_bacaan
WHERE unitup = :unitup AND thblrek = :thblrek AND foto_url IS NOT NULL GROUP BY foto_url
HAVING MIN(idpel) < MAX(idpel)

-- name: harga
-- Prices of energy; the columns are the contract's.
SELECT {kolom} FROM acmt.v_harga
