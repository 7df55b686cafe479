-- Old readings leave the ledger for a session's own file; what was decided of them (sieve, outcomes, batches, trail) stays
-- for good. Only the owner writes here: beri_hak.sql gives the application no INSERT.
CREATE TABLE pengesahan.arsip (
    sesi_id         bigint PRIMARY KEY REFERENCES pengesahan.sesi (id),
    baris           bigint NOT NULL CHECK (baris > 0),     -- customers whose readings left
    berkas          text NOT NULL CHECK (length(berkas) BETWEEN 1 AND 200),
    sidik_berkas    text NOT NULL CHECK (sidik_berkas ~ '^[0-9a-f]{64}$'),
    oleh            text NOT NULL,
    alasan          text NOT NULL CHECK (length(btrim(alasan)) >= 10),
    diarsipkan_pada timestamptz NOT NULL
);
CREATE TRIGGER hanya_tambah BEFORE UPDATE OR DELETE OR TRUNCATE ON pengesahan.arsip
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();
CREATE TRIGGER terkini BEFORE INSERT ON pengesahan.arsip
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.hanya_terkini();

-- A session's readings leave only whole, long after its month, when nothing can come of that month any more.
CREATE FUNCTION pengesahan.jaga_arsip() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE v pengesahan.sesi; v_baris bigint;
BEGIN
    SELECT * INTO v FROM pengesahan.sesi WHERE id = NEW.sesi_id;
    -- the same lock as opening a session of the unit and month takes below
    PERFORM pg_advisory_xact_lock(724220, hashtext(v.unitup || v.thblrek));
    IF v.thblrek >= to_char(clock_timestamp() AT TIME ZONE 'Asia/Jakarta' - interval '12 months', 'YYYYMM') THEN
        RAISE EXCEPTION 'sesi % belum setahun: bacaannya belum boleh diarsipkan', v.nomor USING ERRCODE = 'AP001';
    END IF;
    IF EXISTS (SELECT 1 FROM pengesahan.sesi s
                WHERE s.unitup = v.unitup AND s.thblrek = v.thblrek AND s.status IN ('BERJALAN', 'TERHENTI')) THEN
        RAISE EXCEPTION 'unit % bulan % masih punya sesi terbuka', v.unitup, v.thblrek USING ERRCODE = 'AP001';
    END IF;
    IF EXISTS (SELECT 1 FROM pengesahan.pengembalian k JOIN pengesahan.sesi s ON s.id = k.sesi_id
                WHERE s.unitup = v.unitup AND s.thblrek = v.thblrek AND k.status IN ('MENUNGGU', 'DIKIRIM')) THEN
        RAISE EXCEPTION 'unit % bulan % masih punya pengembalian yang belum sampai di ACMT', v.unitup, v.thblrek
            USING ERRCODE = 'AP001';
    END IF;
    SELECT count(*) INTO v_baris FROM pengesahan.bacaan WHERE sesi_id = NEW.sesi_id;
    IF NEW.baris <> v_baris THEN
        RAISE EXCEPTION 'sesi % punya % bacaan, arsipnya %', v.nomor, v_baris, NEW.baris USING ERRCODE = 'AP001';
    END IF;
    NEW.diarsipkan_pada := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_arsip BEFORE INSERT ON pengesahan.arsip
    FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_arsip();

-- Readings are taken away only while no gate has shown them (hapus_cuplikan), or all of a session that is archived.
CREATE FUNCTION pengesahan.jaga_bacaan_hapus() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1
                 FROM (SELECT l.sesi_id, count(*) AS jumlah FROM lama l GROUP BY l.sesi_id) d
                 JOIN pengesahan.sesi s ON s.id = d.sesi_id
                 LEFT JOIN pengesahan.arsip a ON a.sesi_id = d.sesi_id
                WHERE (s.status <> 'BERJALAN' OR s.tahap NOT IN ('DIBUKA', 'CUPLIKAN', 'TERSARING'))
                  AND a.baris IS DISTINCT FROM d.jumlah) THEN
        RAISE EXCEPTION 'bacaan yang sudah ditunjukkan kepada pengesah hanya keluar lewat arsip' USING ERRCODE = 'AP001';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER jaga_bacaan_hapus AFTER DELETE ON pengesahan.bacaan REFERENCING OLD TABLE AS lama
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.jaga_bacaan_hapus();

-- What the sieve made of them stays.
CREATE FUNCTION pengesahan.jaga_saringan_hapus() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM pengesahan.sesi s
                WHERE s.id IN (SELECT DISTINCT l.sesi_id FROM lama l)
                  AND (s.status <> 'BERJALAN' OR s.tahap NOT IN ('DIBUKA', 'CUPLIKAN', 'TERSARING'))) THEN
        RAISE EXCEPTION 'saringan yang sudah ditunjukkan kepada pengesah tidak pernah keluar' USING ERRCODE = 'AP001';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER jaga_saringan_hapus AFTER DELETE ON pengesahan.saringan REFERENCING OLD TABLE AS lama
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.jaga_saringan_hapus();
CREATE TRIGGER hanya_tambah BEFORE UPDATE OR TRUNCATE ON pengesahan.bacaan
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();
CREATE TRIGGER hanya_tambah BEFORE UPDATE OR TRUNCATE ON pengesahan.saringan
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();

-- What was approved or sent back in an archived month is known by its outcome only: nothing is approved or cancelled there.
CREATE FUNCTION pengesahan.jaga_bulan_arsip() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(724220, hashtext(NEW.unitup || NEW.thblrek));
    IF EXISTS (SELECT 1 FROM pengesahan.arsip a JOIN pengesahan.sesi s ON s.id = a.sesi_id
                WHERE s.unitup = NEW.unitup AND s.thblrek = NEW.thblrek) THEN
        RAISE EXCEPTION 'bacaan unit % bulan % sudah diarsipkan: tidak ada lagi yang disahkan atau dibatalkan di sana',
            NEW.unitup, NEW.thblrek USING ERRCODE = 'AP001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_bulan_arsip BEFORE INSERT ON pengesahan.sesi
    FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_bulan_arsip();

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA pengesahan FROM PUBLIC;
