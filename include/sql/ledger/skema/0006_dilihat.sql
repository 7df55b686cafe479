-- What a person who is asked at a gate has looked at there. Nothing that posts or computes a digest reads the marks. An approval
-- waits for them only where the unit's pattern asks for it (harus_dilihat, below). They are no entries of the trail. No foreign key
-- leads to the session: it would lock its row against the step that takes an answer up. A session never leaves, so the guard's look
-- is enough.
CREATE TABLE pengesahan.dilihat (
    sesi_id bigint NOT NULL, idpel text COLLATE "C" NOT NULL, oleh text NOT NULL CHECK (length(oleh) BETWEEN 1 AND 250),
    pada timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (sesi_id, idpel, oleh)
);
-- as of the other tables that hold a session's rows (0001_cuplikan.sql)
ALTER TABLE pengesahan.dilihat ALTER COLUMN sesi_id SET STATISTICS 0;

-- What a person who is asked at a gate found at a row; the last one of a person for a row counts. No more than a record, as the marks
-- are. The words are of the unit's pattern, which the page knows.
CREATE TABLE pengesahan.pemeriksaan (
    sesi_id bigint NOT NULL, idpel text COLLATE "C" NOT NULL, oleh text NOT NULL CHECK (length(oleh) BETWEEN 1 AND 250),
    ke int NOT NULL CHECK (ke BETWEEN 1 AND 50),
    hasil text NOT NULL CHECK (length(hasil) BETWEEN 1 AND 60),
    tindak_lanjut text CHECK (length(tindak_lanjut) BETWEEN 1 AND 60),
    catatan text CHECK (length(catatan) BETWEEN 1 AND 200),
    pada timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (sesi_id, idpel, oleh, ke),
    CONSTRAINT tanpa_kendali CHECK (concat(hasil, tindak_lanjut, catatan) !~ '[\x01-\x1f\x7f-\x9f]')
);
ALTER TABLE pengesahan.pemeriksaan ALTER COLUMN sesi_id SET STATISTICS 0;

-- Each of a person's entries for a row has the next number: so their number has a bound, also where two are written at once.
CREATE FUNCTION pengesahan.nomori_pemeriksaan() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT coalesce(max(p.ke), 0) + 1 INTO NEW.ke FROM pengesahan.pemeriksaan p
     WHERE p.sesi_id = NEW.sesi_id AND p.idpel = NEW.idpel AND p.oleh = NEW.oleh;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION pengesahan.nomori_pemeriksaan() FROM PUBLIC;
CREATE TRIGGER nomori_pemeriksaan BEFORE INSERT ON pengesahan.pemeriksaan
    FOR EACH ROW EXECUTE FUNCTION pengesahan.nomori_pemeriksaan();

CREATE VIEW pengesahan.pemeriksaan_akhir AS
SELECT p.* FROM pengesahan.pemeriksaan p
 WHERE NOT EXISTS (SELECT 1 FROM pengesahan.pemeriksaan l
                    WHERE l.sesi_id = p.sesi_id AND l.idpel = p.idpel AND l.oleh = p.oleh AND l.ke > p.ke);

-- At most as many marks as the snapshot has rows, for each person who is asked. It reads for a role that may read nothing.
CREATE FUNCTION pengesahan.jaga_dilihat() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT b.sesi_id, b.oleh FROM baru b) d
                WHERE NOT EXISTS (SELECT 1 FROM pengesahan.sesi s JOIN pengesahan.gerbang g ON g.sesi_id = s.id
                                   WHERE s.id = d.sesi_id AND s.jenis = 'PENGESAHAN' AND s.status = 'BERJALAN'
                                     AND s.tahap = 'MENUNGGU_PERSETUJUAN' AND d.oleh = ANY (g.orang))) THEN
        RAISE EXCEPTION 'yang dilihat hanya ditulis selagi sesi pengesahannya menunggu di gerbang, oleh yang ditanya di sana'
            USING ERRCODE = 'AP001';
    END IF;
    IF EXISTS (SELECT 1 FROM baru b
                WHERE NOT EXISTS (SELECT 1 FROM pengesahan.bacaan c WHERE c.sesi_id = b.sesi_id AND c.idpel = b.idpel)) THEN
        RAISE EXCEPTION 'yang dilihat bukan pelanggan cuplikan sesi itu' USING ERRCODE = 'AP001';
    END IF;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION pengesahan.jaga_dilihat() FROM PUBLIC;
CREATE TRIGGER jaga_dilihat AFTER INSERT ON pengesahan.dilihat REFERENCING NEW TABLE AS baru
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.jaga_dilihat();
CREATE TRIGGER terkini BEFORE INSERT ON pengesahan.dilihat FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.hanya_terkini();
CREATE TRIGGER hanya_tambah BEFORE UPDATE OR DELETE OR TRUNCATE ON pengesahan.dilihat
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();
CREATE TRIGGER jaga_dilihat AFTER INSERT ON pengesahan.pemeriksaan REFERENCING NEW TABLE AS baru
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.jaga_dilihat();
CREATE TRIGGER terkini BEFORE INSERT ON pengesahan.pemeriksaan FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.hanya_terkini();
CREATE TRIGGER hanya_tambah BEFORE UPDATE OR DELETE OR TRUNCATE ON pengesahan.pemeriksaan
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();

-- The rows that whoever approves a session has to have looked at, by the pattern that it was opened with
-- (wajib_dilihat). A cancellation has neither a sieve nor a sample.
CREATE VIEW pengesahan.harus_dilihat AS
WITH pola AS NOT MATERIALIZED (  -- of one session, not of all
    SELECT s.id, s.rekap, coalesce(k.isi -> 'unit' -> s.unitup, k.isi -> 'bawaan') ->> 'wajib_dilihat' AS wajib
      FROM pengesahan.sesi s JOIN pengesahan.konfigurasi k ON k.versi = s.konfigurasi
)
SELECT p.id AS sesi_id, p.wajib, g.idpel
  FROM pola p JOIN pengesahan.saringan g ON g.sesi_id = p.id
 WHERE p.wajib = 'ditandai' AND g.hasil = 'LOLOS' AND cardinality(g.dlpd) > 0
UNION ALL
SELECT p.id, p.wajib, i.idpel
  FROM pola p CROSS JOIN LATERAL jsonb_array_elements_text(p.rekap -> 'sampel' -> 'idpel') i (idpel)
 WHERE p.wajib = 'sampel';

-- Nobody approves a session before they have looked at what its pattern asks for. By IN: the reasons stand in dilihat.sql.
CREATE FUNCTION pengesahan.jaga_harus_dilihat() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM pengesahan.harus_dilihat w
                WHERE w.sesi_id = NEW.sesi_id
                  AND w.idpel NOT IN (SELECT d.idpel FROM pengesahan.dilihat d
                                       WHERE d.sesi_id = NEW.sesi_id AND d.oleh = NEW.oleh)) THEN
        RAISE EXCEPTION '% belum melihat semua yang menurut pola unitnya harus dilihat sebelum sesi ini disahkan', NEW.oleh
            USING ERRCODE = 'AP001';
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION pengesahan.jaga_harus_dilihat() FROM PUBLIC;
CREATE TRIGGER jaga_harus_dilihat BEFORE INSERT ON pengesahan.persetujuan FOR EACH ROW
    WHEN (NEW.keputusan = 'SETUJU') EXECUTE FUNCTION pengesahan.jaga_harus_dilihat();
