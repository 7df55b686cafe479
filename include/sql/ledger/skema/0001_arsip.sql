-- Old readings leave the ledger for a session's own file; what was decided of them (sieve, outcomes, batches, trail) stays
-- for good. Only the owner writes here: hak_aplikasi.sql gives the application no INSERT.
CREATE TABLE pengesahan.arsip (
    sesi_id bigint PRIMARY KEY REFERENCES pengesahan.sesi (id),
    baris bigint NOT NULL CHECK (baris > 0),  -- customers whose readings left
    berkas text NOT NULL CHECK (length(berkas) BETWEEN 1 AND 200),
    sidik_berkas text NOT NULL CHECK (sidik_berkas ~ '^[0-9a-f]{64}$'), oleh text NOT NULL,
    alasan text NOT NULL CHECK (length(btrim(alasan)) >= 10), diarsipkan_pada timestamptz NOT NULL
);

-- A session's readings leave only whole, long after its month, when nothing can come of that month any more. (Who may delete
-- them: jaga_bacaan_hapus. That nothing is opened in that month again: jaga_bulan_arsip.)
CREATE FUNCTION pengesahan.jaga_arsip() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v pengesahan.sesi; v_baris bigint;
BEGIN
    SELECT * INTO v FROM pengesahan.sesi WHERE id = NEW.sesi_id;
    -- the same lock as opening a session of the unit and month takes (jaga_bulan_arsip)
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
CREATE TRIGGER jaga_arsip BEFORE INSERT ON pengesahan.arsip FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_arsip();

-- The two guards that most tables share (0001_jejak.sql): what is refused of a table, and what is written under READ COMMITTED only.
-- A session, a batch, a return and a line of the schedule are moved on (their own guards say how far), but never taken away.
DO $$
DECLARE p record;
BEGIN
    FOR p IN SELECT pagar, saat, unnest(tabel::text[]) AS tabel, fungsi FROM (VALUES
        ('hanya_tambah', 'UPDATE OR DELETE OR TRUNCATE', '{jejak,identitas,peristiwa_airflow,konfigurasi,pembatalan,gerbang,jawaban_tiba,'
         'persetujuan,hasil,luar_sistem,suplai_terlihat,hitungan,jadwal_cacat,arsip}', 'tolak_ubah'),
        ('hanya_tambah', 'UPDATE OR TRUNCATE', '{bacaan,saringan}', 'tolak_ubah'),
        ('hanya_tambah', 'DELETE OR TRUNCATE', '{sesi,batch,pengembalian,jadwal}', 'tolak_ubah'),
        ('terkini', 'INSERT', '{bacaan,saringan,pembatalan,pembatalan_baris,gerbang,jawaban_tiba,persetujuan,hasil,luar_sistem,arsip}',
         'hanya_terkini'),
        ('terkini', 'INSERT OR UPDATE', '{sesi,batch,pengembalian}', 'hanya_terkini')) v (pagar, saat, tabel, fungsi)
    LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE %s ON pengesahan.%I FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.%I()',
                       p.pagar, p.saat, p.tabel, p.fungsi);
    END LOOP;
END $$;

-- Nobody calls any of these functions by hand but whom hak_aplikasi.sql names; firing a trigger needs no right to its function.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA pengesahan FROM PUBLIC;
