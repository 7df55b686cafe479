-- Contract probe of v_unit: every column is there and readable; no row is fetched.
SELECT unitup, nama, unitap, unitupi, zona_waktu
FROM acmt.v_unit
WHERE 1 = 0
