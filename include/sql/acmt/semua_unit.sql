-- Every unit layanan.
SELECT unitup, nama, unitap, unitupi, zona_waktu
FROM acmt.v_unit
ORDER BY unitup
