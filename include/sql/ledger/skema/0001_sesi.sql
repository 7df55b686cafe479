-- The units' configuration, and the sessions that run under it.

-- The units' patterns of approval (SOP 12.1, rule 1): the newest row holds. Only the owner may add one (hak_aplikasi.sql gives
-- the application no INSERT here), so that no worker can grant itself authority.
CREATE TABLE pengesahan.konfigurasi (
    versi integer PRIMARY KEY,
    teks text NOT NULL,  -- the document as it was given
    isi jsonb NOT NULL CHECK (isi ? 'bawaan' AND jsonb_typeof(isi -> 'unit') = 'object'),
    sidik text NOT NULL,  -- SHA-256 of isi in PostgreSQL's text form
    oleh text NOT NULL, alasan text NOT NULL CHECK (length(btrim(alasan)) >= 10), berlaku_sejak timestamptz NOT NULL
);

-- Version, digest and time are the ledger's to say.
CREATE FUNCTION pengesahan.susun_konfigurasi() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT coalesce(max(versi), 0) + 1 INTO NEW.versi FROM pengesahan.konfigurasi;
    NEW.sidik := encode(sha256(convert_to(NEW.isi::text, 'UTF8')), 'hex');
    NEW.berlaku_sejak := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER susun_konfigurasi BEFORE INSERT ON pengesahan.konfigurasi
    FOR EACH ROW EXECUTE FUNCTION pengesahan.susun_konfigurasi();

-- One session: one run of one kelompok of one unit in one month. It keeps the whole pattern it was opened with.
CREATE TABLE pengesahan.sesi (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    nomor text NOT NULL UNIQUE CHECK (length(nomor) BETWEEN 1 AND 64),
    jenis text NOT NULL DEFAULT 'PENGESAHAN' CHECK (jenis IN ('PENGESAHAN', 'PEMBATALAN')),
    unitup text NOT NULL CHECK (unitup ~ '^[0-9]{5}$'),
    thblrek text NOT NULL CHECK (thblrek ~ '^[0-9]{4}(0[1-9]|1[0-2])$'),
    hari_baca text NOT NULL CHECK (hari_baca ~ '^[A-Z0-9]{1,2}$'), putaran integer NOT NULL CHECK (putaran >= 1),
    dag_id text NOT NULL, run_id text NOT NULL, epoch integer NOT NULL DEFAULT 1 CHECK (epoch >= 1),
    status text NOT NULL DEFAULT 'BERJALAN'
        CHECK (status IN ('BERJALAN', 'TERHENTI', 'SELESAI', 'DITOLAK', 'NIHIL', 'DIAMBIL_ALIH', 'KEDALUWARSA')),
    tahap text NOT NULL DEFAULT 'DIBUKA'
        CHECK (tahap IN ('DIBUKA', 'CUPLIKAN', 'TERSARING', 'MENUNGGU_PERSETUJUAN', 'DISETUJUI', 'MEMPOSTING', 'TERPOSTING',
                         'COCOK')),
    pola text NOT NULL CHECK (pola IN ('LENGKAP', 'BERTAHAP')), pengesah smallint NOT NULL CHECK (pengesah IN (1, 2)),
    batas_jam_nyala numeric NOT NULL CHECK (batas_jam_nyala > 0 AND batas_jam_nyala <= 2000),
    versi_aturan text NOT NULL, versi_kode text NOT NULL, nama_unit text, zona_waktu text NOT NULL,
    pemicu text,  -- username; null = the daily schedule
    sidik text CHECK (sidik ~ '^[0-9a-f]{64}$'), rekap jsonb, keterangan text,
    dibuka_pada timestamptz NOT NULL DEFAULT now(), diakhiri_pada timestamptz,
    konfigurasi integer REFERENCES pengesahan.konfigurasi (versi),  -- null: there was none, the defaults hold
    batas_jawab_jam numeric CHECK (batas_jawab_jam > 0), tutup_sesudah_jam numeric CHECK (tutup_sesudah_jam > 0),
    eskalasi text[] NOT NULL DEFAULT '{}',
    sampel integer CHECK (sampel BETWEEN 1 AND 500),  -- customers drawn by lot for inspection; who: in rekap
    -- Written with the snapshot: the first day of reading (null: the calendar has none), and the instant that counted as now.
    -- Null in sessions of rule set 1, whose digest does not bind them.
    tgl_mulai date, dicuplik_pada timestamptz,
    UNIQUE (dag_id, run_id),
    UNIQUE (jenis, unitup, thblrek, hari_baca, putaran),
    CHECK ((status IN ('BERJALAN', 'TERHENTI')) = (diakhiri_pada IS NULL)),
    CHECK (tahap IN ('DIBUKA', 'CUPLIKAN', 'TERSARING') OR sidik IS NOT NULL),
    CONSTRAINT tenggat CHECK ((batas_jawab_jam IS NULL OR cardinality(eskalasi) > 0)
                              AND (tutup_sesudah_jam > batas_jawab_jam) IS NOT FALSE),
    -- A cancellation has one gate, also where the unit asks two people to approve: it gives rows back, it approves nothing.
    CONSTRAINT pembatalan_satu_pengesah CHECK (jenis = 'PENGESAHAN' OR pengesah = 1)
);
-- Invariant 4: one open session per kelompok, of either kind.
CREATE UNIQUE INDEX sesi_satu_terbuka ON pengesahan.sesi (unitup, thblrek, hari_baca)
    WHERE status IN ('BERJALAN', 'TERHENTI');
-- A unit's sessions of a month, of either kind.
CREATE INDEX sesi_unit_bulan ON pengesahan.sesi (unitup, thblrek, hari_baca, id);

-- A session is opened under a pattern no laxer than the one in force for its unit, nor with a smaller sample for inspection.
CREATE FUNCTION pengesahan.jaga_pola() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_pola jsonb;
BEGIN
    SELECT coalesce(k.isi -> 'unit' -> NEW.unitup, k.isi -> 'bawaan') INTO v_pola
      FROM pengesahan.konfigurasi k ORDER BY k.versi DESC LIMIT 1;
    IF FOUND AND (NEW.batas_jam_nyala > (v_pola ->> 'batas_jam_nyala')::numeric
                  OR (NEW.jenis = 'PENGESAHAN' AND NEW.pengesah < 2 AND (v_pola ->> 'persetujuan_kedua')::boolean)
                  OR (NEW.pola = 'BERTAHAP' AND v_pola ->> 'kesiapan' = 'LENGKAP')) THEN
        RAISE EXCEPTION 'pola sesi % lebih longgar daripada konfigurasi unit %', NEW.nomor, NEW.unitup
            USING ERRCODE = 'AP001';
    END IF;
    IF NEW.jenis = 'PENGESAHAN' AND coalesce(NEW.sampel, 0) < coalesce((v_pola ->> 'sampel')::integer, 0) THEN
        RAISE EXCEPTION 'sampel sesi % lebih kecil daripada konfigurasi unit %', NEW.nomor, NEW.unitup
            USING ERRCODE = 'AP001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_pola BEFORE INSERT ON pengesahan.sesi FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_pola();

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

-- How a session may move on, and when it may end.
CREATE FUNCTION pengesahan.jaga_sesi() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- what the sieve judged by stays once a gate has shown it
    IF (NEW.tgl_mulai, NEW.dicuplik_pada) IS DISTINCT FROM (OLD.tgl_mulai, OLD.dicuplik_pada)
       AND OLD.tahap NOT IN ('DIBUKA', 'CUPLIKAN', 'TERSARING') THEN
        RAISE EXCEPTION 'dasar saringan sesi % sudah ditunjukkan kepada pengesah dan tidak boleh diubah', OLD.nomor
            USING ERRCODE = 'AP001';
    END IF;
    IF NEW.sampel IS DISTINCT FROM OLD.sampel THEN
        RAISE EXCEPTION 'besar sampel sesi % tidak boleh diubah', OLD.nomor USING ERRCODE = 'AP001';
    END IF;
    IF (NEW.nomor, NEW.jenis, NEW.unitup, NEW.thblrek, NEW.hari_baca, NEW.putaran, NEW.dag_id, NEW.run_id,
        NEW.pola, NEW.pengesah, NEW.batas_jam_nyala, NEW.versi_aturan, NEW.zona_waktu, NEW.dibuka_pada, NEW.eskalasi)
       IS DISTINCT FROM
       (OLD.nomor, OLD.jenis, OLD.unitup, OLD.thblrek, OLD.hari_baca, OLD.putaran, OLD.dag_id, OLD.run_id,
        OLD.pola, OLD.pengesah, OLD.batas_jam_nyala, OLD.versi_aturan, OLD.zona_waktu, OLD.dibuka_pada, OLD.eskalasi)
       OR NEW.pemicu IS DISTINCT FROM OLD.pemicu OR NEW.konfigurasi IS DISTINCT FROM OLD.konfigurasi
       OR NEW.batas_jawab_jam IS DISTINCT FROM OLD.batas_jawab_jam
       OR NEW.tutup_sesudah_jam IS DISTINCT FROM OLD.tutup_sesudah_jam THEN
        RAISE EXCEPTION 'identitas sesi % tidak boleh diubah', OLD.nomor USING ERRCODE = 'AP001';
    END IF;
    IF NEW.epoch < OLD.epoch THEN
        RAISE EXCEPTION 'epoch sesi % tidak boleh turun', OLD.nomor USING ERRCODE = 'AP001';
    END IF;
    IF OLD.status NOT IN ('BERJALAN', 'TERHENTI') THEN
        RAISE EXCEPTION 'sesi % sudah berakhir (%)', OLD.nomor, OLD.status USING ERRCODE = 'AP001';
    END IF;
    IF NEW.status NOT IN ('BERJALAN', 'TERHENTI')
       AND EXISTS (SELECT 1 FROM pengesahan.batch b WHERE b.sesi_id = OLD.id AND b.status = 'DIKIRIM') THEN
        RAISE EXCEPTION 'sesi % tidak dapat diakhiri: ada batch yang masih dalam perjalanan', OLD.nomor
            USING ERRCODE = 'AP001';
    END IF;
    -- Only what waits for an answer can be too late.
    IF NEW.status = 'KEDALUWARSA' AND (OLD.tahap <> 'MENUNGGU_PERSETUJUAN' OR OLD.tutup_sesudah_jam IS NULL) THEN
        RAISE EXCEPTION 'sesi % tidak menunggu jawaban yang berbatas waktu', OLD.nomor USING ERRCODE = 'AP001';
    END IF;
    -- Once a gate has been opened the set that was shown stays the set.
    IF OLD.tahap NOT IN ('DIBUKA', 'CUPLIKAN', 'TERSARING') AND
       (NEW.sidik IS DISTINCT FROM OLD.sidik OR NEW.rekap IS DISTINCT FROM OLD.rekap
        OR NEW.tahap IN ('DIBUKA', 'CUPLIKAN', 'TERSARING')) THEN
        RAISE EXCEPTION 'isi sesi % sudah ditunjukkan kepada pengesah dan tidak boleh diubah', OLD.nomor
            USING ERRCODE = 'AP001';
    END IF;
    -- when it ended is the ledger's to say
    IF NEW.diakhiri_pada IS NOT NULL THEN
        NEW.diakhiri_pada := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_sesi BEFORE UPDATE ON pengesahan.sesi FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_sesi();
