-- What the sieve judges a reading by beside the reading itself: the kelompok's calendar, the instant of the snapshot, and what
-- was last posted of the customer. Runs as the owner.

-- Written with the snapshot. The first day of reading (null: the calendar has none), and the instant that counted as now.
-- Null in sessions of rule set 1, whose digest does not bind them.
ALTER TABLE pengesahan.sesi ADD COLUMN tgl_mulai date, ADD COLUMN dicuplik_pada timestamptz;

CREATE FUNCTION pengesahan.jaga_dasar() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (NEW.tgl_mulai, NEW.dicuplik_pada) IS DISTINCT FROM (OLD.tgl_mulai, OLD.dicuplik_pada)
       AND OLD.tahap NOT IN ('DIBUKA', 'CUPLIKAN', 'TERSARING') THEN
        RAISE EXCEPTION 'dasar saringan sesi % sudah ditunjukkan kepada pengesah dan tidak boleh diubah', OLD.nomor
            USING ERRCODE = 'AP001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_dasar BEFORE UPDATE ON pengesahan.sesi
    FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_dasar();

-- The last posted reading that this row contradicts: its month, its stan akhir, its factor. A flag of the chain never stands
-- without them, and they never without it.
ALTER TABLE pengesahan.saringan
    ADD COLUMN lalu_bulan text, ADD COLUMN lalu_lwbp numeric, ADD COLUMN lalu_wbp numeric, ADD COLUMN lalu_fkm numeric,
    ADD CONSTRAINT lalu_bersama_tanda CHECK (
        (lalu_bulan IS NOT NULL) = (dlpd && '{STAN_TIDAK_SAMBUNG,FAKTOR_BERUBAH}'::text[])
        AND (lalu_bulan IS NOT NULL OR num_nonnulls(lalu_lwbp, lalu_wbp, lalu_fkm) = 0));

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA pengesahan FROM PUBLIC;
