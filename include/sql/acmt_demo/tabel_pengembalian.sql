-- Who sent which reading back, and why.
CREATE TABLE IF NOT EXISTS acmt_dasar.pengembalian (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    idpel char(12) NOT NULL,
    thblrek char(6) NOT NULL,
    alasan text NOT NULL,
    oleh text NOT NULL,
    pada timestamptz NOT NULL DEFAULT clock_timestamp()
)
