-- Customers that an approver sent back: whether ACMT was told, once each; and how many a unit inspects by lot. Runs as the
-- owner.

-- ---------------------------------------------------------------------------------------------------------
-- One row for each customer that an answer of a session sends back, written with the answer. It stands as DIKIRIM,
-- committed, before kembalikan_verifikasi is called; whether an unclear call took effect is seen in ACMT (the stamps it
-- clears are kept as they were just before).
CREATE TABLE pengesahan.pengembalian (
    sesi_id      bigint NOT NULL,
    idpel        text COLLATE "C" NOT NULL,
    urutan       smallint NOT NULL,          -- whose answer: of two approvers who name the same customer, the first's
    oleh         text NOT NULL,
    alasan       text NOT NULL CHECK (length(alasan) BETWEEN 10 AND 700),
    status       text NOT NULL DEFAULT 'MENUNGGU' CHECK (status IN ('MENUNGGU', 'DIKIRIM', 'SELESAI', 'GAGAL')),
    kali         integer NOT NULL DEFAULT 0 CHECK (kali >= 0),      -- calls begun
    stempel      jsonb,                      -- ACMT's stamps just before the last call; null: no such reading
    cara         text,
    dicatat_pada timestamptz NOT NULL DEFAULT clock_timestamp(),
    dikirim_pada timestamptz,
    selesai_pada timestamptz,
    PRIMARY KEY (sesi_id, idpel),
    FOREIGN KEY (sesi_id, urutan) REFERENCES pengesahan.persetujuan (sesi_id, urutan),
    -- DIPANGGIL: ACMT said done. TERLIHAT: its answer was lost, ACMT shows it. BERGANTI: its answer was lost, and ACMT has
    -- other stamps since. TIDAK_ADA: ACMT knows no such reading. TANPA_FUNGSI: this kind of database has no such call.
    CHECK (CASE status WHEN 'SELESAI' THEN cara IN ('DIPANGGIL', 'TERLIHAT', 'BERGANTI')
                       WHEN 'GAGAL' THEN cara IN ('TIDAK_ADA', 'TANPA_FUNGSI') ELSE cara IS NULL END),
    CHECK ((status IN ('SELESAI', 'GAGAL')) = (selesai_pada IS NOT NULL)),
    CHECK ((kali > 0) = (dikirim_pada IS NOT NULL)),
    CHECK (status <> 'DIKIRIM' OR kali > 0),
    CHECK (status <> 'MENUNGGU' OR kali = 0)
);
CREATE INDEX pengembalian_belum ON pengesahan.pengembalian (sesi_id) WHERE status IN ('MENUNGGU', 'DIKIRIM');

CREATE FUNCTION pengesahan.jaga_pengembalian() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'MENUNGGU'
           OR NOT EXISTS (SELECT 1 FROM pengesahan.persetujuan p
                           WHERE p.sesi_id = NEW.sesi_id AND p.urutan = NEW.urutan AND p.oleh = NEW.oleh
                             AND NEW.idpel = ANY (p.kembalikan)) THEN
            RAISE EXCEPTION 'pelanggan % tidak dikembalikan oleh jawaban ini', NEW.idpel USING ERRCODE = 'AP001';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.sesi_id, NEW.idpel, NEW.urutan, NEW.oleh, NEW.alasan, NEW.dicatat_pada)
       IS DISTINCT FROM (OLD.sesi_id, OLD.idpel, OLD.urutan, OLD.oleh, OLD.alasan, OLD.dicatat_pada)
       OR OLD.status IN ('SELESAI', 'GAGAL') OR NEW.status = 'MENUNGGU' OR NEW.kali < OLD.kali
       OR (OLD.status = 'MENUNGGU' AND NEW.status = 'SELESAI') THEN
        RAISE EXCEPTION 'pengembalian pelanggan % sudah selesai atau isinya diubah', OLD.idpel USING ERRCODE = 'AP001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_pengembalian BEFORE INSERT OR UPDATE ON pengesahan.pengembalian
    FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_pengembalian();
CREATE TRIGGER terkini BEFORE INSERT OR UPDATE ON pengesahan.pengembalian
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.hanya_terkini();
CREATE TRIGGER hanya_tambah BEFORE DELETE OR TRUNCATE ON pengesahan.pengembalian
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();

-- ---------------------------------------------------------------------------------------------------------
-- How many customers are drawn for inspection; which ones stands in the session's rekap, drawn from its digest.
ALTER TABLE pengesahan.sesi ADD COLUMN sampel integer CHECK (sampel BETWEEN 1 AND 500);

CREATE FUNCTION pengesahan.jaga_sampel() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_pola jsonb;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.sampel IS DISTINCT FROM OLD.sampel THEN
            RAISE EXCEPTION 'besar sampel sesi % tidak boleh diubah', OLD.nomor USING ERRCODE = 'AP001';
        END IF;
        RETURN NEW;
    END IF;
    SELECT coalesce(k.isi -> 'unit' -> NEW.unitup, k.isi -> 'bawaan') INTO v_pola
      FROM pengesahan.konfigurasi k ORDER BY k.versi DESC LIMIT 1;
    IF NEW.jenis = 'PENGESAHAN'
       AND coalesce(NEW.sampel, 0) < coalesce((v_pola ->> 'sampel')::integer, 0) THEN
        RAISE EXCEPTION 'sampel sesi % lebih kecil daripada konfigurasi unit %', NEW.nomor, NEW.unitup
            USING ERRCODE = 'AP001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_sampel BEFORE INSERT OR UPDATE ON pengesahan.sesi
    FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_sampel();

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA pengesahan FROM PUBLIC;
