-- The customers of one unit's month as the page lists them (SQLite, in memory). Numbers stand twice: as exact text to be shown,
-- and as a number to sort and to filter by. "status_no" and "dlpd_bit": place in the vocabulary, one bit a flag.
CREATE TABLE pelanggan (
    hari_baca TEXT NOT NULL, idpel TEXT NOT NULL, nama TEXT, kddk TEXT, tarif TEXT, daya TEXT,
    status_no INTEGER NOT NULL, tahap_no INTEGER NOT NULL, sebab TEXT NOT NULL, dlpd_bit INTEGER NOT NULL,
    kwh TEXT, kwh_n REAL, jam_nyala TEXT, jam_n REAL, menurut TEXT NOT NULL, sejak TEXT, sesi TEXT, catatan TEXT NOT NULL,
    PRIMARY KEY (idpel, hari_baca)
) WITHOUT ROWID
