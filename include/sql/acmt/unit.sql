-- One unit layanan. Few rows, and text may be padded.
SELECT unitup, nama, unitap, unitupi, zona_waktu
FROM acmt.v_unit
WHERE TRIM(unitup) = :unitup
