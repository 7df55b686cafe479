INSERT INTO acmt_dasar.unit (unitup, nama, unitap, unitupi, zona_waktu)
VALUES (%(unitup)s, %(nama)s, %(unitap)s, %(unitupi)s, %(zona_waktu)s)
ON CONFLICT (unitup) DO UPDATE
SET nama = excluded.nama,
    unitap = excluded.unitap,
    unitupi = excluded.unitupi,
    zona_waktu = excluded.zona_waktu
