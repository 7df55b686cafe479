-- One kelompok in the order of idpel: what the project reads, whatever else the month holds.
CREATE INDEX IF NOT EXISTS bacaan_kelompok_idx
ON acmt_dasar.bacaan (unitup, thblrek, hari_baca, idpel)
