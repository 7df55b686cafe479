-- Readings are judged as they are written, and never again: a sieve goes with its snapshot.
DROP FUNCTION pengesahan.hapus_saringan(bigint);

-- How a session's digest takes its rows in, one text after another (1) or as a tree of salted leaves (2), and the secret that
-- salts them. It is in no file and on no page: with it every customer's leaf could be guessed.
ALTER TABLE pengesahan.sesi ADD COLUMN bentuk_sidik smallint NOT NULL DEFAULT 1 CHECK (bentuk_sidik IN (1, 2));
CREATE TRIGGER bentuk_tetap BEFORE UPDATE OF bentuk_sidik ON pengesahan.sesi
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();
CREATE TABLE pengesahan.garam (
    sesi_id bigint PRIMARY KEY REFERENCES pengesahan.sesi (id), isi bytea NOT NULL CHECK (octet_length(isi) = 32)
);
CREATE TRIGGER hanya_tambah BEFORE UPDATE OR DELETE OR TRUNCATE ON pengesahan.garam
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();
