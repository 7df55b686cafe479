CREATE TABLE IF NOT EXISTS acmt_dasar.jadwal_hari_baca (
    unitup char(5) NOT NULL,
    thblrek char(6) NOT NULL,
    hari_baca text NOT NULL,
    tgl_mulai date NOT NULL,
    jumlah_hari integer NOT NULL,
    PRIMARY KEY (unitup, hari_baca, thblrek)
)
