-- What counts are taken from, without reading the rows themselves.
CREATE INDEX saring ON pelanggan (status_no, hari_baca, dlpd_bit, jam_n)
