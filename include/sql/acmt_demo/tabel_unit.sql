CREATE TABLE IF NOT EXISTS acmt_dasar.unit (
    unitup char(5) PRIMARY KEY,
    nama text NOT NULL,
    unitap char(5),
    unitupi char(2),
    zona_waktu text NOT NULL
)
