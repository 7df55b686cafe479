-- One order of locks everywhere: a session's row, as strong as anything later needs it, then the head of the trail. Two
-- transactions that hold a session FOR SHARE and both go on to change something of it wait for each other for ever. Runs as
-- the owner.
CREATE OR REPLACE FUNCTION pengesahan.jaga_gerbang() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE v pengesahan.sesi;
BEGIN
    SELECT * INTO v FROM pengesahan.sesi WHERE id = NEW.sesi_id FOR NO KEY UPDATE;
    IF v.status <> 'BERJALAN' OR v.tahap <> 'MENUNGGU_PERSETUJUAN' OR NEW.sidik IS DISTINCT FROM v.sidik
       OR NEW.urutan > v.pengesah THEN
        RAISE EXCEPTION 'gerbang sesi % hanya dibuka selagi menunggu, untuk sidik sesi itu, bagi pengesahnya', v.nomor
            USING ERRCODE = 'AP001';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION pengesahan.jaga_cuplikan() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- held until the writer commits, so that no gate opens over rows that are still being written
    PERFORM 1 FROM pengesahan.sesi s WHERE s.id IN (SELECT DISTINCT b.sesi_id FROM baru b) FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM pengesahan.sesi s
               WHERE s.id IN (SELECT DISTINCT b.sesi_id FROM baru b)
                 AND (s.status <> 'BERJALAN' OR s.tahap NOT IN ('DIBUKA', 'CUPLIKAN', 'TERSARING'))) THEN
        RAISE EXCEPTION 'cuplikan sesi ini sudah dibekukan' USING ERRCODE = 'AP001';
    END IF;
    RETURN NULL;
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA pengesahan FROM PUBLIC;
