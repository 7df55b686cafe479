-- What others did in AP2T is found again and again, as often as it changes; and only by the session that looks. Runs as the
-- owner.

-- A row may be cancelled, approved, and cancelled once more between two looks of one session: each is a fact of its own.
-- What is known already is left out where it is written (luar_sistem_catat).
ALTER TABLE pengesahan.luar_sistem DROP CONSTRAINT luar_sistem_sesi_id_idpel_kejadian_tahap_key;
CREATE INDEX luar_sistem_terakhir ON pengesahan.luar_sistem (sesi_id, idpel, tahap, id);

-- What is compared with AP2T is read from the tables alone (posisi_kelompok): a view could have been exchanged.
DROP VIEW pengesahan.posisi;

CREATE TRIGGER terkini BEFORE INSERT ON pengesahan.luar_sistem
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.hanya_terkini();

-- Written while the session runs, at the step that looks at AP2T: one that was taken over tells nothing any more.
CREATE FUNCTION pengesahan.jaga_luar() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- one look after the other, so that the sums (hitung_luar, which comes after this one by name) see each other
    PERFORM 1 FROM pengesahan.sesi s WHERE s.id IN (SELECT DISTINCT b.sesi_id FROM baru b) FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM baru b JOIN pengesahan.sesi s ON s.id = b.sesi_id
                WHERE s.status <> 'BERJALAN' OR (b.kejadian = 'DIBATALKAN') <> (b.kodeposting = 0)
                   OR s.tahap <> ALL (CASE b.tahap WHEN 'CUPLIKAN' THEN '{DIBUKA,CUPLIKAN,TERSARING}'::text[]
                                           ELSE '{TERPOSTING,COCOK}'::text[] END)) THEN
        RAISE EXCEPTION 'perubahan di luar sistem hanya ditulis oleh sesi yang sedang melihat AP2T' USING ERRCODE = 'AP001';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER dijaga AFTER INSERT ON pengesahan.luar_sistem REFERENCING NEW TABLE AS baru
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.jaga_luar();

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA pengesahan FROM PUBLIC;
