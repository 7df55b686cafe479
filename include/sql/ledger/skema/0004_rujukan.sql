-- The three large tables name a session, and an outcome its batch, without a foreign key. Such a key looks for each row; their
-- guards look once a statement. What is named stays: nobody deletes a session or a batch (hanya_tambah), and neither changes
-- its number (nomor_tetap, jaga_batch_ubah).
ALTER TABLE pengesahan.bacaan DROP CONSTRAINT bacaan_sesi_id_fkey;
ALTER TABLE pengesahan.saringan DROP CONSTRAINT saringan_sesi_id_fkey;
ALTER TABLE pengesahan.hasil DROP CONSTRAINT hasil_sesi_id_fkey, DROP CONSTRAINT hasil_kunci_fkey;
CREATE TRIGGER nomor_tetap BEFORE UPDATE OF id ON pengesahan.sesi FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();
