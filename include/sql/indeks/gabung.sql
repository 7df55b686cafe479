-- Take a kelompok over from the database that was just worked out.
INSERT OR REPLACE INTO main.pelanggan SELECT * FROM baru.pelanggan
