-- The ledger's own name: seals outside it carry it, so that a seal of another ledger is not taken for one of this.
CREATE TABLE pengesahan.identitas (
    satu        boolean PRIMARY KEY DEFAULT true CHECK (satu),
    kode        uuid NOT NULL DEFAULT gen_random_uuid(),
    dibuat_pada timestamptz NOT NULL DEFAULT now()
);
INSERT INTO pengesahan.identitas DEFAULT VALUES;
CREATE TRIGGER hanya_tambah BEFORE UPDATE OR DELETE OR TRUNCATE ON pengesahan.identitas
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();

-- Kinds that a check looks for over the whole trail.
CREATE INDEX jejak_jenis ON pengesahan.jejak (jenis, id)
    WHERE jenis IN ('SEGEL_DIBUAT', 'SESI_DIBUKA', 'KONFIGURASI_DITERAPKAN');
