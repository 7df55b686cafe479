-- A session's gates, the answers that came through them, the approvals, and the customers sent back.

-- A gate: which digest was shown to which people. It opens again only for the same digest and people.
CREATE TABLE pengesahan.gerbang (
    sesi_id bigint NOT NULL REFERENCES pengesahan.sesi (id), urutan smallint NOT NULL CHECK (urutan IN (1, 2)),
    sidik text NOT NULL, orang text[] NOT NULL CHECK (cardinality(orang) >= 1),
    dibuka_pada timestamptz NOT NULL DEFAULT now(),
    -- answered through an arrival: the audit asks for it, and the trail's entry of the gate says so
    mencatat_tiba boolean NOT NULL DEFAULT true,
    PRIMARY KEY (sesi_id, urutan)
);

CREATE FUNCTION pengesahan.jaga_gerbang() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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
CREATE TRIGGER jaga_gerbang BEFORE INSERT ON pengesahan.gerbang FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_gerbang();

-- Answers as they came through a gate, written down before anything judges them: Airflow keeps its own copy only until the
-- gate opens again. An arrival decides nothing: posting and cancelling read pengesahan.persetujuan alone.
CREATE TABLE pengesahan.jawaban_tiba (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sesi_id bigint NOT NULL, urutan smallint NOT NULL,
    sidik text NOT NULL,  -- what the gate showed
    epoch integer NOT NULL,  -- the session's, when it arrived
    oleh text NOT NULL CHECK (length(oleh) <= 250),  -- as Airflow recorded it; empty: it named nobody
    pilihan text[] NOT NULL CHECK (cardinality(pilihan) <= 5),
    isian text NOT NULL CHECK (length(isian) <= 5000000),  -- the form's fields as JSON, ASCII: any value fits
    dijawab_pada timestamptz NOT NULL,  -- by Airflow's clock
    tiba_pada timestamptz NOT NULL DEFAULT clock_timestamp(),
    FOREIGN KEY (sesi_id, urutan) REFERENCES pengesahan.gerbang (sesi_id, urutan),
    -- the same answer handed over twice is one arrival
    UNIQUE (sesi_id, urutan, oleh, dijawab_pada)
);

CREATE FUNCTION pengesahan.jaga_jawaban_tiba() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pengesahan.gerbang g JOIN pengesahan.sesi s ON s.id = g.sesi_id
                    WHERE g.sesi_id = NEW.sesi_id AND g.urutan = NEW.urutan AND g.sidik = NEW.sidik
                      AND s.epoch = NEW.epoch) THEN
        RAISE EXCEPTION 'jawaban yang tiba bukan untuk gerbang sesi itu' USING ERRCODE = 'AP001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_jawaban_tiba BEFORE INSERT ON pengesahan.jawaban_tiba
    FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_jawaban_tiba();

-- The answer that counts, and the row of v_petugas the person stood on.
CREATE TABLE pengesahan.persetujuan (
    sesi_id bigint NOT NULL, urutan smallint NOT NULL, keputusan text NOT NULL CHECK (keputusan IN ('SETUJU', 'TOLAK')),
    oleh text NOT NULL, catatan text, kembalikan text[] NOT NULL, sidik text NOT NULL, petugas jsonb NOT NULL,
    dijawab_pada timestamptz NOT NULL, dicatat_pada timestamptz NOT NULL DEFAULT now(),
    tiba bigint REFERENCES pengesahan.jawaban_tiba (id),  -- the arrival it was taken up from
    PRIMARY KEY (sesi_id, urutan),
    FOREIGN KEY (sesi_id, urutan) REFERENCES pengesahan.gerbang (sesi_id, urutan)
);

-- Who may answer, until when, and for which digest.
CREATE FUNCTION pengesahan.jaga_persetujuan() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE v pengesahan.sesi; g pengesahan.gerbang; p pengesahan.persetujuan; v_orang text;
BEGIN
    SELECT * INTO v FROM pengesahan.sesi WHERE id = NEW.sesi_id FOR UPDATE;
    SELECT * INTO g FROM pengesahan.gerbang WHERE sesi_id = NEW.sesi_id AND urutan = NEW.urutan;
    v_orang := lower(btrim(NEW.oleh, E' \t\r\n'));
    IF v.status <> 'BERJALAN' OR v.tahap <> 'MENUNGGU_PERSETUJUAN' THEN
        RAISE EXCEPTION 'sesi % tidak sedang menunggu persetujuan', v.nomor USING ERRCODE = 'AP001';
    END IF;
    IF NEW.sidik IS DISTINCT FROM v.sidik OR NEW.sidik IS DISTINCT FROM g.sidik THEN
        RAISE EXCEPTION 'sidik jawaban berbeda dari sidik sesi %', v.nomor USING ERRCODE = 'AP001';
    END IF;
    IF NOT (NEW.oleh = ANY (g.orang)) THEN
        RAISE EXCEPTION '% tidak ditanya pada gerbang sesi %', NEW.oleh, v.nomor USING ERRCODE = 'AP001';
    END IF;
    IF clock_timestamp() >= g.dibuka_pada + make_interval(secs => (v.tutup_sesudah_jam * 3600)::double precision) THEN
        RAISE EXCEPTION 'jawaban untuk sesi % terlambat', v.nomor USING ERRCODE = 'AP001';
    END IF;
    -- Separation of duties: nobody approves rows they read, verified or sent.
    IF EXISTS (SELECT 1
                 FROM (SELECT DISTINCT petugas_baca, verif_pengawas_oleh, verif_vendor_oleh, kirim_oleh
                         FROM pengesahan.bacaan WHERE sesi_id = NEW.sesi_id) b
                CROSS JOIN LATERAL (VALUES (b.petugas_baca), (b.verif_pengawas_oleh), (b.verif_vendor_oleh),
                                           (b.kirim_oleh)) o (nama)
                WHERE lower(btrim(o.nama, E' \t\r\n')) = v_orang) THEN
        RAISE EXCEPTION '% membaca, memverifikasi atau mengirim bacaan sesi % dan tidak boleh mengesahkannya',
            NEW.oleh, v.nomor USING ERRCODE = 'AP001';
    END IF;
    IF NEW.urutan = 2 THEN
        SELECT * INTO p FROM pengesahan.persetujuan WHERE sesi_id = NEW.sesi_id AND urutan = 1;
        IF NOT FOUND OR p.keputusan <> 'SETUJU' OR lower(btrim(p.oleh, E' \t\r\n')) = v_orang
           OR lower(btrim(v.pemicu, E' \t\r\n')) = v_orang THEN
            RAISE EXCEPTION 'pengesah kedua sesi % harus orang lain', v.nomor USING ERRCODE = 'AP001';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_persetujuan BEFORE INSERT ON pengesahan.persetujuan
    FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_persetujuan();

-- An answer to a cancellation sends nobody back, and is not given by who read, verified or sent a row that it gives back:
-- who might have approved those rows may cancel them, the one who did included.
CREATE FUNCTION pengesahan.jaga_jawab_pembatalan() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE v pengesahan.sesi;
BEGIN
    SELECT * INTO v FROM pengesahan.sesi WHERE id = NEW.sesi_id;
    IF v.jenis <> 'PEMBATALAN' THEN
        RETURN NEW;
    END IF;
    IF NEW.kembalikan <> '{}' THEN
        RAISE EXCEPTION 'jawaban pembatalan % tidak mengembalikan pelanggan', v.nomor USING ERRCODE = 'AP001';
    END IF;
    IF EXISTS (SELECT 1
                 FROM (SELECT DISTINCT b.petugas_baca, b.verif_pengawas_oleh, b.verif_vendor_oleh, b.kirim_oleh
                         FROM pengesahan.pembatalan_baris r
                         JOIN pengesahan.bacaan b ON b.sesi_id = r.asal AND b.idpel = r.idpel
                        WHERE r.sesi_id = NEW.sesi_id AND r.hasil = 'BOLEH') b
                CROSS JOIN LATERAL (VALUES (b.petugas_baca), (b.verif_pengawas_oleh), (b.verif_vendor_oleh),
                                           (b.kirim_oleh)) o (nama)
                WHERE lower(btrim(o.nama, E' \t\r\n')) = lower(btrim(NEW.oleh, E' \t\r\n'))) THEN
        RAISE EXCEPTION '% membaca, memverifikasi atau mengirim bacaan yang dibatalkan sesi % dan tidak boleh memutuskannya',
            NEW.oleh, v.nomor USING ERRCODE = 'AP001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_jawab_pembatalan BEFORE INSERT ON pengesahan.persetujuan
    FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_jawab_pembatalan();

-- Arrivals that nobody has judged yet, of gates that still wait.
CREATE VIEW pengesahan.jawaban_menunggu AS
SELECT t.* FROM pengesahan.jawaban_tiba t JOIN pengesahan.sesi s ON s.id = t.sesi_id
 WHERE s.status IN ('BERJALAN', 'TERHENTI') AND s.tahap = 'MENUNGGU_PERSETUJUAN'
   AND NOT EXISTS (SELECT 1 FROM pengesahan.persetujuan p WHERE p.sesi_id = t.sesi_id AND p.urutan = t.urutan)
   AND NOT EXISTS (SELECT 1 FROM pengesahan.jejak j
                    WHERE j.sesi_id = t.sesi_id AND j.jenis = 'JAWABAN_TIDAK_DITERIMA' AND j.isi -> 'tiba' = to_jsonb(t.id));

-- One row for each customer that an answer of a session sends back, written with the answer. It stands as DIKIRIM,
-- committed, before kembalikan_verifikasi is called; whether an unclear call took effect is seen in ACMT (the stamps it
-- clears are kept as they were just before).
CREATE TABLE pengesahan.pengembalian (
    sesi_id bigint NOT NULL, idpel text COLLATE "C" NOT NULL,
    urutan smallint NOT NULL,  -- whose answer: of two approvers who name the same customer, the first's
    oleh text NOT NULL, alasan text NOT NULL CHECK (length(alasan) BETWEEN 10 AND 700),
    status text NOT NULL DEFAULT 'MENUNGGU' CHECK (status IN ('MENUNGGU', 'DIKIRIM', 'SELESAI', 'GAGAL')),
    kali integer NOT NULL DEFAULT 0 CHECK (kali >= 0),  -- calls begun
    stempel jsonb,  -- ACMT's stamps just before the last call; null: no such reading
    cara text, dicatat_pada timestamptz NOT NULL DEFAULT clock_timestamp(), dikirim_pada timestamptz,
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
