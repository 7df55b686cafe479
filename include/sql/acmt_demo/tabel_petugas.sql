CREATE TABLE IF NOT EXISTS acmt_dasar.petugas (
    username text NOT NULL,
    nama text,
    email text,
    peran text NOT NULL,
    unitup char(5) NOT NULL,
    aktif boolean NOT NULL DEFAULT true,
    PRIMARY KEY (unitup, username, peran)
)
