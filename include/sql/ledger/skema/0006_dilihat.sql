-- What a person who is asked at a gate has looked at there. Marks are for people: nothing that posts, approves or computes a digest
-- reads them, and they are no entries of the trail. No foreign key leads to the session: it would lock its row against the step
-- that takes an answer up. A session never leaves, so the guard's look is enough.
CREATE TABLE pengesahan.dilihat (
    sesi_id bigint NOT NULL, idpel text COLLATE "C" NOT NULL, oleh text NOT NULL CHECK (length(oleh) BETWEEN 1 AND 250),
    pada timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (sesi_id, idpel, oleh)
);
-- as of the other tables that hold a session's rows (0001_cuplikan.sql)
ALTER TABLE pengesahan.dilihat ALTER COLUMN sesi_id SET STATISTICS 0;

-- At most as many marks as the snapshot has rows, for each person who is asked. It reads for a role that may read nothing.
CREATE FUNCTION pengesahan.jaga_dilihat() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT b.sesi_id, b.oleh FROM baru b) d
                WHERE NOT EXISTS (SELECT 1 FROM pengesahan.sesi s JOIN pengesahan.gerbang g ON g.sesi_id = s.id
                                   WHERE s.id = d.sesi_id AND s.jenis = 'PENGESAHAN' AND s.status = 'BERJALAN'
                                     AND s.tahap = 'MENUNGGU_PERSETUJUAN' AND d.oleh = ANY (g.orang))) THEN
        RAISE EXCEPTION 'tanda dilihat hanya ditulis selagi sesi pengesahannya menunggu di gerbang, oleh yang ditanya di sana'
            USING ERRCODE = 'AP001';
    END IF;
    IF EXISTS (SELECT 1 FROM baru b
                WHERE NOT EXISTS (SELECT 1 FROM pengesahan.bacaan c WHERE c.sesi_id = b.sesi_id AND c.idpel = b.idpel)) THEN
        RAISE EXCEPTION 'yang ditandai dilihat bukan pelanggan cuplikan sesi itu' USING ERRCODE = 'AP001';
    END IF;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION pengesahan.jaga_dilihat() FROM PUBLIC;
CREATE TRIGGER jaga_dilihat AFTER INSERT ON pengesahan.dilihat REFERENCING NEW TABLE AS baru
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.jaga_dilihat();
CREATE TRIGGER terkini BEFORE INSERT ON pengesahan.dilihat FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.hanya_terkini();
CREATE TRIGGER hanya_tambah BEFORE UPDATE OR DELETE OR TRUNCATE ON pengesahan.dilihat
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();
