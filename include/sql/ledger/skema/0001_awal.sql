-- The ledger: what was seen, sieved, approved, sent and answered. Runs as the owner; the application's role
-- gets the rights of beri_hak.sql and cannot change history.

CREATE SCHEMA IF NOT EXISTS pengesahan;

-- ---------------------------------------------------------------------------------------------------------
-- The unit's pattern of approval (SOP 12.1, rule 1). The newest row of a unit holds; none means the defaults.
CREATE TABLE pengesahan.pola_unit (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unitup          text NOT NULL CHECK (unitup ~ '^[0-9]{5}$'),
    pola            text NOT NULL CHECK (pola IN ('LENGKAP', 'BERTAHAP')),
    pengesah        smallint NOT NULL CHECK (pengesah IN (1, 2)),
    batas_jam_nyala numeric NOT NULL CHECK (batas_jam_nyala > 0 AND batas_jam_nyala <= 2000),
    oleh            text NOT NULL,
    alasan          text NOT NULL CHECK (length(btrim(alasan)) >= 10),
    berlaku_sejak   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX pola_unit_terbaru ON pengesahan.pola_unit (unitup, id DESC);

-- ---------------------------------------------------------------------------------------------------------
-- One session: one run of one kelompok of one unit in one month.
CREATE TABLE pengesahan.sesi (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    nomor           text NOT NULL UNIQUE CHECK (length(nomor) BETWEEN 1 AND 64),
    jenis           text NOT NULL DEFAULT 'PENGESAHAN' CHECK (jenis IN ('PENGESAHAN', 'PEMBATALAN')),
    unitup          text NOT NULL CHECK (unitup ~ '^[0-9]{5}$'),
    thblrek         text NOT NULL CHECK (thblrek ~ '^[0-9]{4}(0[1-9]|1[0-2])$'),
    hari_baca       text NOT NULL CHECK (hari_baca ~ '^[A-Z0-9]{1,2}$'),
    putaran         integer NOT NULL CHECK (putaran >= 1),
    dag_id          text NOT NULL,
    run_id          text NOT NULL,
    epoch           integer NOT NULL DEFAULT 1 CHECK (epoch >= 1),
    status          text NOT NULL DEFAULT 'BERJALAN'
                    CHECK (status IN ('BERJALAN', 'TERHENTI', 'SELESAI', 'DITOLAK', 'NIHIL', 'DIAMBIL_ALIH')),
    tahap           text NOT NULL DEFAULT 'DIBUKA'
                    CHECK (tahap IN ('DIBUKA', 'CUPLIKAN', 'TERSARING', 'MENUNGGU_PERSETUJUAN', 'DISETUJUI',
                                     'MEMPOSTING', 'TERPOSTING', 'COCOK')),
    pola            text NOT NULL CHECK (pola IN ('LENGKAP', 'BERTAHAP')),
    pengesah        smallint NOT NULL CHECK (pengesah IN (1, 2)),
    batas_jam_nyala numeric NOT NULL CHECK (batas_jam_nyala > 0 AND batas_jam_nyala <= 2000),
    versi_aturan    text NOT NULL,
    versi_kode      text NOT NULL,
    nama_unit       text,
    zona_waktu      text NOT NULL,
    pemicu          text,                    -- username; null = the daily schedule
    sidik           text CHECK (sidik ~ '^[0-9a-f]{64}$'),
    rekap           jsonb,
    keterangan      text,
    dibuka_pada     timestamptz NOT NULL DEFAULT now(),
    diakhiri_pada   timestamptz,
    UNIQUE (dag_id, run_id),
    UNIQUE (jenis, unitup, thblrek, hari_baca, putaran),
    CHECK ((status IN ('BERJALAN', 'TERHENTI')) = (diakhiri_pada IS NULL)),
    CHECK (tahap IN ('DIBUKA', 'CUPLIKAN', 'TERSARING') OR sidik IS NOT NULL)
);
-- Invariant 4: one open session per kelompok, of either kind.
CREATE UNIQUE INDEX sesi_satu_terbuka ON pengesahan.sesi (unitup, thblrek, hari_baca)
    WHERE status IN ('BERJALAN', 'TERHENTI');

CREATE FUNCTION pengesahan.jaga_sesi() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (NEW.nomor, NEW.jenis, NEW.unitup, NEW.thblrek, NEW.hari_baca, NEW.putaran, NEW.dag_id, NEW.run_id,
        NEW.pola, NEW.pengesah, NEW.batas_jam_nyala, NEW.versi_aturan, NEW.zona_waktu, NEW.dibuka_pada)
       IS DISTINCT FROM
       (OLD.nomor, OLD.jenis, OLD.unitup, OLD.thblrek, OLD.hari_baca, OLD.putaran, OLD.dag_id, OLD.run_id,
        OLD.pola, OLD.pengesah, OLD.batas_jam_nyala, OLD.versi_aturan, OLD.zona_waktu, OLD.dibuka_pada)
       OR NEW.pemicu IS DISTINCT FROM OLD.pemicu THEN
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
    -- Once a gate has been opened the set that was shown stays the set.
    IF OLD.tahap NOT IN ('DIBUKA', 'CUPLIKAN', 'TERSARING') AND
       (NEW.sidik IS DISTINCT FROM OLD.sidik OR NEW.rekap IS DISTINCT FROM OLD.rekap
        OR NEW.tahap IN ('DIBUKA', 'CUPLIKAN', 'TERSARING')) THEN
        RAISE EXCEPTION 'isi sesi % sudah ditunjukkan kepada pengesah dan tidak boleh diubah', OLD.nomor
            USING ERRCODE = 'AP001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_sesi BEFORE UPDATE ON pengesahan.sesi
    FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_sesi();

-- ---------------------------------------------------------------------------------------------------------
-- The snapshot: v_bacaan's columns as they were read. A value that is no number is null here and stands in cacat.
CREATE TABLE pengesahan.bacaan (
    sesi_id bigint NOT NULL REFERENCES pengesahan.sesi (id),
    idpel text COLLATE "C" NOT NULL, unitup text NOT NULL, thblrek text NOT NULL, hari_baca text NOT NULL,
    kddk text, nama text, tarif text, daya numeric, fkmkwh numeric, fkmkvarh numeric, digit_meter numeric,
    tgl_baca timestamptz, petugas_baca text, kode_baca text, kelainan text,
    slalwbp numeric, sahlwbp numeric, slawbp numeric, sahwbp numeric, slakvarh numeric, sahkvarh numeric,
    lwbpcabut numeric, lwbppasang numeric, wbpcabut numeric, wbppasang numeric, fkmkwh_lama numeric,
    pemkwh numeric, pemkwh_lalu numeric, pemkwh_rata3 numeric,
    foto_url text, latitude numeric, longitude numeric,
    verif_pengawas_oleh text, verif_pengawas_pada timestamptz,
    verif_vendor_oleh text, verif_vendor_pada timestamptz,
    kirim_oleh text, kirim_pada timestamptz, diubah_pada timestamptz,
    cacat jsonb,
    PRIMARY KEY (sesi_id, idpel)
);

-- What the sieve says of each row of the snapshot. The CHECKs repeat the two rules that must never break.
CREATE TABLE pengesahan.saringan (
    sesi_id   bigint NOT NULL REFERENCES pengesahan.sesi (id),
    idpel     text COLLATE "C" NOT NULL,
    daya      numeric,
    kwh       numeric,
    jam_nyala numeric,
    hasil     text NOT NULL CHECK (hasil IN ('LOLOS', 'DITAHAN')),
    alasan    text[] NOT NULL,
    dlpd      text[] NOT NULL,
    PRIMARY KEY (sesi_id, idpel),
    CHECK ((hasil = 'LOLOS') = (cardinality(alasan) = 0)),
    -- SOP 12.1, rule 4: jam nyala over 2000 is never approved; exact, and null never passes.
    CONSTRAINT jam_nyala_2000 CHECK (hasil = 'DITAHAN' OR
        (daya IS NOT NULL AND daya > 0 AND kwh IS NOT NULL AND kwh >= 0 AND jam_nyala IS NOT NULL
         AND kwh * 1000 <= 2000 * daya))
);

-- A session that the last ANALYZE has not seen would be taken for a single row, and joins for a nested loop over all
-- of it. Without statistics on this column every session is taken for a fair part of the table.
ALTER TABLE pengesahan.bacaan ALTER COLUMN sesi_id SET STATISTICS 0;
ALTER TABLE pengesahan.saringan ALTER COLUMN sesi_id SET STATISTICS 0;

-- The snapshot is written only while no gate has shown it, and taken back only through this function.
CREATE FUNCTION pengesahan.hapus_cuplikan(p_sesi bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_jumlah bigint;
BEGIN
    PERFORM 1 FROM pengesahan.sesi
      WHERE id = p_sesi AND status = 'BERJALAN' AND tahap IN ('DIBUKA', 'CUPLIKAN', 'TERSARING') FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'cuplikan sesi % sudah dibekukan', p_sesi USING ERRCODE = 'AP001';
    END IF;
    DELETE FROM pengesahan.saringan WHERE sesi_id = p_sesi;
    DELETE FROM pengesahan.bacaan WHERE sesi_id = p_sesi;
    GET DIAGNOSTICS v_jumlah = ROW_COUNT;
    RETURN v_jumlah;
END $$;

CREATE FUNCTION pengesahan.hapus_saringan(p_sesi bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_jumlah bigint;
BEGIN
    PERFORM 1 FROM pengesahan.sesi
      WHERE id = p_sesi AND status = 'BERJALAN' AND tahap IN ('CUPLIKAN', 'TERSARING') FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'saringan sesi % sudah dibekukan', p_sesi USING ERRCODE = 'AP001';
    END IF;
    DELETE FROM pengesahan.saringan WHERE sesi_id = p_sesi;
    GET DIAGNOSTICS v_jumlah = ROW_COUNT;
    RETURN v_jumlah;
END $$;

CREATE FUNCTION pengesahan.jaga_cuplikan() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM pengesahan.sesi s
               WHERE s.id IN (SELECT DISTINCT b.sesi_id FROM baru b)
                 AND (s.status <> 'BERJALAN' OR s.tahap NOT IN ('DIBUKA', 'CUPLIKAN', 'TERSARING'))) THEN
        RAISE EXCEPTION 'cuplikan sesi ini sudah dibekukan' USING ERRCODE = 'AP001';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER jaga_bacaan AFTER INSERT ON pengesahan.bacaan REFERENCING NEW TABLE AS baru
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.jaga_cuplikan();
CREATE TRIGGER jaga_saringan AFTER INSERT ON pengesahan.saringan REFERENCING NEW TABLE AS baru
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.jaga_cuplikan();

-- ---------------------------------------------------------------------------------------------------------
-- A gate: which digest was shown to which people. It opens again only for the same digest and people.
CREATE TABLE pengesahan.gerbang (
    sesi_id     bigint NOT NULL REFERENCES pengesahan.sesi (id),
    urutan      smallint NOT NULL CHECK (urutan IN (1, 2)),
    sidik       text NOT NULL,
    orang       text[] NOT NULL CHECK (cardinality(orang) >= 1),
    dibuka_pada timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (sesi_id, urutan)
);

CREATE FUNCTION pengesahan.jaga_gerbang() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE v pengesahan.sesi;
BEGIN
    SELECT * INTO v FROM pengesahan.sesi WHERE id = NEW.sesi_id FOR SHARE;
    IF v.status <> 'BERJALAN' OR v.tahap <> 'MENUNGGU_PERSETUJUAN' OR NEW.sidik IS DISTINCT FROM v.sidik
       OR NEW.urutan > v.pengesah THEN
        RAISE EXCEPTION 'gerbang sesi % hanya dibuka selagi menunggu, untuk sidik sesi itu, bagi pengesahnya', v.nomor
            USING ERRCODE = 'AP001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_gerbang BEFORE INSERT ON pengesahan.gerbang
    FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_gerbang();

-- The answer, as it arrived, and the row of v_petugas the person stood on.
CREATE TABLE pengesahan.persetujuan (
    sesi_id     bigint NOT NULL,
    urutan      smallint NOT NULL,
    keputusan   text NOT NULL CHECK (keputusan IN ('SETUJU', 'TOLAK')),
    oleh        text NOT NULL,
    catatan     text,
    kembalikan  text[] NOT NULL,
    sidik       text NOT NULL,
    petugas     jsonb NOT NULL,
    dijawab_pada timestamptz NOT NULL,
    dicatat_pada timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (sesi_id, urutan),
    FOREIGN KEY (sesi_id, urutan) REFERENCES pengesahan.gerbang (sesi_id, urutan)
);

CREATE FUNCTION pengesahan.jaga_persetujuan() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE v pengesahan.sesi; g pengesahan.gerbang; p pengesahan.persetujuan;
BEGIN
    SELECT * INTO v FROM pengesahan.sesi WHERE id = NEW.sesi_id FOR UPDATE;
    SELECT * INTO g FROM pengesahan.gerbang WHERE sesi_id = NEW.sesi_id AND urutan = NEW.urutan;
    IF v.status <> 'BERJALAN' OR v.tahap <> 'MENUNGGU_PERSETUJUAN' THEN
        RAISE EXCEPTION 'sesi % tidak sedang menunggu persetujuan', v.nomor USING ERRCODE = 'AP001';
    END IF;
    IF NEW.sidik IS DISTINCT FROM v.sidik OR NEW.sidik IS DISTINCT FROM g.sidik THEN
        RAISE EXCEPTION 'sidik jawaban berbeda dari sidik sesi %', v.nomor USING ERRCODE = 'AP001';
    END IF;
    IF NOT (NEW.oleh = ANY (g.orang)) THEN
        RAISE EXCEPTION '% tidak ditanya pada gerbang sesi %', NEW.oleh, v.nomor USING ERRCODE = 'AP001';
    END IF;
    IF NEW.urutan = 2 THEN
        SELECT * INTO p FROM pengesahan.persetujuan WHERE sesi_id = NEW.sesi_id AND urutan = 1;
        IF NOT FOUND OR p.keputusan <> 'SETUJU' OR p.oleh = NEW.oleh OR NEW.oleh IS NOT DISTINCT FROM v.pemicu THEN
            RAISE EXCEPTION 'pengesah kedua sesi % harus orang lain', v.nomor USING ERRCODE = 'AP001';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_persetujuan BEFORE INSERT ON pengesahan.persetujuan
    FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_persetujuan();

-- ---------------------------------------------------------------------------------------------------------
-- A batch under one Idempotency-Key. It stands here, committed, before it is sent.
CREATE TABLE pengesahan.batch (
    kunci          uuid PRIMARY KEY,
    sesi_id        bigint NOT NULL REFERENCES pengesahan.sesi (id),
    epoch          integer NOT NULL,
    oleh           text NOT NULL,
    idpel          text[] NOT NULL CHECK (cardinality(idpel) BETWEEN 1 AND 1000),
    sidik_isi      text NOT NULL,             -- SHA-256 of the body
    status         text NOT NULL DEFAULT 'DIKIRIM' CHECK (status IN ('DIKIRIM', 'DITERAPKAN', 'BATAL')),
    dikirim_pada   timestamptz NOT NULL DEFAULT now(),
    selesai_pada   timestamptz,
    keterangan     text,
    CHECK ((status = 'DIKIRIM') = (selesai_pada IS NULL))
);
CREATE INDEX batch_sesi ON pengesahan.batch (sesi_id);
CREATE INDEX batch_dikirim ON pengesahan.batch (sesi_id) WHERE status = 'DIKIRIM';

-- What became of a row. One row of a session has one outcome; a void batch leaves none.
CREATE TABLE pengesahan.hasil (
    sesi_id     bigint NOT NULL REFERENCES pengesahan.sesi (id),
    idpel       text COLLATE "C" NOT NULL,
    kunci       uuid REFERENCES pengesahan.batch (kunci),
    status      text NOT NULL
                CHECK (status IN ('POSTING', 'SUDAH_POSTING', 'DITOLAK', 'BATAL', 'BELUM_POSTING', 'BERUBAH')),
    kode        text,
    pesan       text,
    kodeposting smallint CHECK (kodeposting IN (0, 1, 3)),
    pada        timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (sesi_id, idpel),
    CHECK ((kunci IS NULL) = (status = 'BERUBAH'))
);

ALTER TABLE pengesahan.hasil ALTER COLUMN sesi_id SET STATISTICS 0;

-- Invariants 1, 2 and 4 once more, where nothing can go round them: a batch may stand only in a session that
-- still has this epoch, is posting, is approved by everyone it needs for this very digest, by the sender last;
-- and only with rows that passed the sieve, were not sent back, have no outcome yet and are in no other batch.
CREATE FUNCTION pengesahan.jaga_batch() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE v pengesahan.sesi; v_setuju integer; v_terakhir text; v_boleh integer; v_kembali text[]; v_n integer;
BEGIN
    v_n := cardinality(NEW.idpel);
    IF NEW.idpel IS DISTINCT FROM (SELECT array_agg(i ORDER BY i COLLATE "C") FROM unnest(NEW.idpel) i) THEN
        RAISE EXCEPTION 'idpel batch harus urut' USING ERRCODE = 'AP001';
    END IF;
    -- one batch of a session after the other, so that two cannot claim the same row without seeing each other
    SELECT * INTO v FROM pengesahan.sesi WHERE id = NEW.sesi_id FOR NO KEY UPDATE;
    IF v.epoch <> NEW.epoch OR v.status <> 'BERJALAN' OR v.tahap <> 'MEMPOSTING' THEN
        RAISE EXCEPTION 'sesi % tidak (lagi) memposting dengan epoch %', v.nomor, NEW.epoch USING ERRCODE = 'AP002';
    END IF;
    IF v.jenis = 'PENGESAHAN' THEN
        SELECT count(*), (array_agg(p.oleh ORDER BY p.urutan DESC))[1] INTO v_setuju, v_terakhir
          FROM pengesahan.persetujuan p
         WHERE p.sesi_id = NEW.sesi_id AND p.keputusan = 'SETUJU' AND p.sidik = v.sidik AND p.urutan <= v.pengesah;
        IF v_setuju <> v.pengesah OR v_terakhir IS DISTINCT FROM NEW.oleh THEN
            RAISE EXCEPTION 'sesi % belum disetujui untuk sidik ini oleh %', v.nomor, NEW.oleh USING ERRCODE = 'AP002';
        END IF;
        SELECT coalesce(array_agg(i), '{}') INTO v_kembali
          FROM pengesahan.persetujuan p, unnest(p.kembalikan) i WHERE p.sesi_id = NEW.sesi_id;
        SELECT count(*) INTO v_boleh
          FROM pengesahan.saringan s
         WHERE s.sesi_id = NEW.sesi_id AND s.idpel = ANY (NEW.idpel) AND s.hasil = 'LOLOS'
           AND s.idpel <> ALL (v_kembali)
           AND NOT EXISTS (SELECT 1 FROM pengesahan.hasil h WHERE h.sesi_id = s.sesi_id AND h.idpel = s.idpel);
        -- idpel are in order, so ranges tell most batches apart and the costly comparison is rarely made
        IF EXISTS (SELECT 1 FROM pengesahan.batch b
                    WHERE b.sesi_id = NEW.sesi_id AND b.status = 'DIKIRIM'
                      AND b.idpel[1] <= NEW.idpel[v_n] AND b.idpel[cardinality(b.idpel)] >= NEW.idpel[1]
                      AND b.idpel && NEW.idpel) THEN
            v_boleh := -1;
        END IF;
        IF v_boleh <> v_n THEN
            RAISE EXCEPTION 'batch sesi % memuat baris yang tidak boleh diposting', v.nomor USING ERRCODE = 'AP002';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_batch BEFORE INSERT ON pengesahan.batch
    FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_batch();

CREATE FUNCTION pengesahan.jaga_hasil() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- A row whose batch is in flight has no other outcome than what AP2T says of it.
    IF EXISTS (SELECT 1 FROM pengesahan.batch b JOIN baru h ON h.sesi_id = b.sesi_id AND h.kunci IS NULL
                WHERE b.status = 'DIKIRIM' AND h.idpel = ANY (b.idpel)) THEN
        RAISE EXCEPTION 'baris yang batch-nya masih dalam perjalanan tidak boleh diberi hasil lain' USING ERRCODE = 'AP002';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER jaga_hasil AFTER INSERT ON pengesahan.hasil REFERENCING NEW TABLE AS baru
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.jaga_hasil();

CREATE FUNCTION pengesahan.jaga_batch_ubah() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.status <> 'DIKIRIM' OR (NEW.kunci, NEW.sesi_id, NEW.epoch, NEW.oleh, NEW.idpel, NEW.sidik_isi, NEW.dikirim_pada)
       IS DISTINCT FROM (OLD.kunci, OLD.sesi_id, OLD.epoch, OLD.oleh, OLD.idpel, OLD.sidik_isi, OLD.dikirim_pada) THEN
        RAISE EXCEPTION 'batch % sudah selesai atau isinya diubah', OLD.kunci USING ERRCODE = 'AP001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_batch_ubah BEFORE UPDATE ON pengesahan.batch
    FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_batch_ubah();

-- ---------------------------------------------------------------------------------------------------------
-- What happened in AP2T outside this project, as it was found (AP2T's state wins).
CREATE TABLE pengesahan.luar_sistem (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sesi_id       bigint NOT NULL REFERENCES pengesahan.sesi (id),
    idpel         text NOT NULL,
    kejadian      text NOT NULL CHECK (kejadian IN ('DIPOSTING', 'DIBATALKAN')),
    tahap         text NOT NULL CHECK (tahap IN ('CUPLIKAN', 'REKONSILIASI')),  -- when it was found
    kodeposting   smallint NOT NULL CHECK (kodeposting IN (0, 1, 3)),
    no_pengesahan text,
    oleh          text,
    waktu         text,
    ditemukan_pada timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (sesi_id, idpel, kejadian, tahap)
);

-- Where each customer stands by our own record: the last thing known of it in a month.
CREATE VIEW pengesahan.posisi AS
SELECT DISTINCT ON (unitup, thblrek, hari_baca, idpel)
       unitup, thblrek, hari_baca, idpel, kodeposting, nomor, sumber, pada
  FROM (
    SELECT s.unitup, s.thblrek, s.hari_baca, h.idpel, h.kodeposting, s.nomor, 'SESI' AS sumber, h.pada
      FROM pengesahan.hasil h JOIN pengesahan.sesi s ON s.id = h.sesi_id
     WHERE h.status IN ('POSTING', 'SUDAH_POSTING', 'BATAL', 'BELUM_POSTING')
    UNION ALL
    SELECT s.unitup, s.thblrek, s.hari_baca, l.idpel, l.kodeposting, l.no_pengesahan, 'DILUAR_SISTEM', l.ditemukan_pada
      FROM pengesahan.luar_sistem l JOIN pengesahan.sesi s ON s.id = l.sesi_id
  ) k
 ORDER BY unitup, thblrek, hari_baca, idpel, pada DESC;

-- ---------------------------------------------------------------------------------------------------------
-- The trail: append-only, each entry holds the hash of the one before. The head is kept by the trigger alone.
CREATE TABLE pengesahan.jejak (
    id      bigint PRIMARY KEY,
    pada    timestamptz NOT NULL,
    sesi_id bigint,
    jenis   text NOT NULL,
    pelaku  text NOT NULL,
    isi     jsonb NOT NULL,
    sebelum bytea NOT NULL,
    sidik   bytea NOT NULL
);
CREATE INDEX jejak_sesi ON pengesahan.jejak (sesi_id, id);
CREATE TABLE pengesahan.jejak_kepala (
    satu  boolean PRIMARY KEY DEFAULT true CHECK (satu),
    id    bigint NOT NULL,
    sidik bytea NOT NULL
);
INSERT INTO pengesahan.jejak_kepala (id, sidik) VALUES (0, sha256('awal'::bytea));

CREATE FUNCTION pengesahan.sidik_jejak(p_id bigint, p_pada timestamptz, p_sesi bigint, p_jenis text, p_pelaku text,
                                       p_isi jsonb, p_sebelum bytea) RETURNS bytea
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT sha256(convert_to(jsonb_build_array(p_id, extract(epoch FROM p_pada)::text, p_sesi, p_jenis, p_pelaku,
                                               p_isi, encode(p_sebelum, 'hex'))::text, 'UTF8'))
$$;

CREATE FUNCTION pengesahan.rangkai_jejak() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE k pengesahan.jejak_kepala;
BEGIN
    SELECT * INTO k FROM pengesahan.jejak_kepala FOR UPDATE;
    NEW.id := k.id + 1;
    NEW.pada := clock_timestamp();
    NEW.sebelum := k.sidik;
    NEW.sidik := pengesahan.sidik_jejak(NEW.id, NEW.pada, NEW.sesi_id, NEW.jenis, NEW.pelaku, NEW.isi, NEW.sebelum);
    UPDATE pengesahan.jejak_kepala SET id = NEW.id, sidik = NEW.sidik;
    RETURN NEW;
END $$;
CREATE TRIGGER rangkai_jejak BEFORE INSERT ON pengesahan.jejak
    FOR EACH ROW EXECUTE FUNCTION pengesahan.rangkai_jejak();

CREATE FUNCTION pengesahan.tolak_ubah() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'tabel % hanya boleh ditambah', TG_TABLE_NAME USING ERRCODE = 'AP001';
END $$;
CREATE TRIGGER hanya_tambah BEFORE UPDATE OR DELETE OR TRUNCATE ON pengesahan.jejak
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();
CREATE TRIGGER hanya_tambah BEFORE UPDATE OR DELETE OR TRUNCATE ON pengesahan.persetujuan
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();
CREATE TRIGGER hanya_tambah BEFORE UPDATE OR DELETE OR TRUNCATE ON pengesahan.gerbang
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();
CREATE TRIGGER hanya_tambah BEFORE UPDATE OR DELETE OR TRUNCATE ON pengesahan.hasil
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();
CREATE TRIGGER hanya_tambah BEFORE UPDATE OR DELETE OR TRUNCATE ON pengesahan.luar_sistem
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();
CREATE TRIGGER hanya_tambah BEFORE UPDATE OR DELETE OR TRUNCATE ON pengesahan.pola_unit
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();
-- These two are moved on (their own triggers say how far), but never taken away.
CREATE TRIGGER hanya_tambah BEFORE DELETE OR TRUNCATE ON pengesahan.sesi
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();
CREATE TRIGGER hanya_tambah BEFORE DELETE OR TRUNCATE ON pengesahan.batch
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();

-- Nobody calls these by hand but whom beri_hak.sql names; firing a trigger needs no right to its function.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA pengesahan FROM PUBLIC;
