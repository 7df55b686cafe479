-- One configuration for all units, with history, kept by the owner alone; sessions keep the pattern they were opened
-- with; nobody approves rows they worked on; nothing is answered after its time. Runs as the owner.

-- ---------------------------------------------------------------------------------------------------------
-- The units' patterns of approval (SOP 12.1, rule 1): the newest row holds. Only the owner may add one (beri_hak.sql gives
-- the application no INSERT here), so that no worker can grant itself authority.
CREATE TABLE pengesahan.konfigurasi (
    versi         integer PRIMARY KEY,
    teks          text NOT NULL,              -- the document as it was given
    isi           jsonb NOT NULL CHECK (isi ? 'bawaan' AND jsonb_typeof(isi -> 'unit') = 'object'),
    sidik         text NOT NULL,              -- SHA-256 of isi in PostgreSQL's text form
    oleh          text NOT NULL,
    alasan        text NOT NULL CHECK (length(btrim(alasan)) >= 10),
    berlaku_sejak timestamptz NOT NULL
);

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
CREATE TRIGGER hanya_tambah BEFORE UPDATE OR DELETE OR TRUNCATE ON pengesahan.konfigurasi
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();

-- What pola_unit said last of each unit becomes the first version; its history stays in the trail (POLA_DIATUR).
WITH lama AS (
    SELECT DISTINCT ON (unitup) unitup, pola, pengesah = 2 AS kedua, trim_scale(batas_jam_nyala)::text AS batas
      FROM pengesahan.pola_unit ORDER BY unitup, id DESC
), satu AS (
    SELECT string_agg(format(E'  "%s":\n    kesiapan: %s\n    persetujuan_kedua: %s\n    batas_jam_nyala: %s\n',
                             unitup, pola, kedua::text, batas), '' ORDER BY unitup) AS teks,
           jsonb_object_agg(unitup, jsonb_build_object(
               'kesiapan', pola, 'persetujuan_kedua', kedua, 'batas_jam_nyala', batas, 'batas_jawab_jam', NULL,
               'eskalasi', '[]'::jsonb, 'tutup_sesudah_jam', NULL, 'delegasi', '[]'::jsonb)) AS unit
      FROM lama
), baru AS (
    INSERT INTO pengesahan.konfigurasi (teks, isi, oleh, alasan)
    SELECT E'# Salinan pola tiap unit saat skema buku dinaikkan ke 0002.\nunit:\n' || teks,
           jsonb_build_object('unit', unit, 'bawaan', jsonb_build_object(
               'kesiapan', 'LENGKAP', 'persetujuan_kedua', false, 'batas_jam_nyala', '2000', 'batas_jawab_jam', NULL,
               'eskalasi', '[]'::jsonb, 'tutup_sesudah_jam', NULL)),
           'sistem', 'salinan pola tiap unit saat skema buku dinaikkan ke 0002'
      FROM satu WHERE unit IS NOT NULL
    RETURNING versi, sidik, teks, isi, alasan, berlaku_sejak
)
INSERT INTO pengesahan.jejak (jenis, pelaku, isi, id, pada, sebelum, sidik)
SELECT 'KONFIGURASI_DITERAPKAN', 'sistem',
       jsonb_build_object('versi', versi, 'sidik', sidik, 'alasan', alasan, 'berlaku_sejak', berlaku_sejak,
                          'sidik_teks', encode(sha256(convert_to(teks, 'UTF8')), 'hex'), 'beda', (
           SELECT jsonb_object_agg(u.key, jsonb_build_object('dari', NULL, 'menjadi', u.value))
             FROM jsonb_each(isi -> 'unit') u)),
       0, now(), '', ''
  FROM baru;
DROP TABLE pengesahan.pola_unit;

-- ---------------------------------------------------------------------------------------------------------
-- A session keeps the whole pattern it was opened with.
ALTER TABLE pengesahan.sesi
    ADD COLUMN konfigurasi integer REFERENCES pengesahan.konfigurasi (versi),
    ADD COLUMN batas_jawab_jam numeric CHECK (batas_jawab_jam > 0),
    ADD COLUMN tutup_sesudah_jam numeric CHECK (tutup_sesudah_jam > 0),
    ADD COLUMN eskalasi text[] NOT NULL DEFAULT '{}',
    ADD CONSTRAINT tenggat CHECK ((batas_jawab_jam IS NULL OR cardinality(eskalasi) > 0)
                                  AND (tutup_sesudah_jam > batas_jawab_jam) IS NOT FALSE),
    DROP CONSTRAINT sesi_status_check,
    ADD CONSTRAINT sesi_status_check CHECK (status IN
        ('BERJALAN', 'TERHENTI', 'SELESAI', 'DITOLAK', 'NIHIL', 'DIAMBIL_ALIH', 'KEDALUWARSA'));

CREATE OR REPLACE FUNCTION pengesahan.jaga_sesi() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (NEW.nomor, NEW.jenis, NEW.unitup, NEW.thblrek, NEW.hari_baca, NEW.putaran, NEW.dag_id, NEW.run_id,
        NEW.pola, NEW.pengesah, NEW.batas_jam_nyala, NEW.versi_aturan, NEW.zona_waktu, NEW.dibuka_pada, NEW.eskalasi)
       IS DISTINCT FROM
       (OLD.nomor, OLD.jenis, OLD.unitup, OLD.thblrek, OLD.hari_baca, OLD.putaran, OLD.dag_id, OLD.run_id,
        OLD.pola, OLD.pengesah, OLD.batas_jam_nyala, OLD.versi_aturan, OLD.zona_waktu, OLD.dibuka_pada, OLD.eskalasi)
       OR NEW.pemicu IS DISTINCT FROM OLD.pemicu
       OR NEW.konfigurasi IS DISTINCT FROM OLD.konfigurasi
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

-- A session is opened under a pattern no laxer than the one in force for its unit.
CREATE FUNCTION pengesahan.jaga_pola() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_pola jsonb;
BEGIN
    SELECT coalesce(k.isi -> 'unit' -> NEW.unitup, k.isi -> 'bawaan') INTO v_pola
      FROM pengesahan.konfigurasi k ORDER BY k.versi DESC LIMIT 1;
    IF FOUND AND (NEW.batas_jam_nyala > (v_pola ->> 'batas_jam_nyala')::numeric
                  OR (NEW.pengesah < 2 AND (v_pola ->> 'persetujuan_kedua')::boolean)
                  OR (NEW.pola = 'BERTAHAP' AND v_pola ->> 'kesiapan' = 'LENGKAP')) THEN
        RAISE EXCEPTION 'pola sesi % lebih longgar daripada konfigurasi unit %', NEW.nomor, NEW.unitup
            USING ERRCODE = 'AP001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_pola BEFORE INSERT ON pengesahan.sesi
    FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_pola();

-- ---------------------------------------------------------------------------------------------------------
CREATE OR REPLACE FUNCTION pengesahan.jaga_persetujuan() RETURNS trigger LANGUAGE plpgsql
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

-- ---------------------------------------------------------------------------------------------------------
-- The guards look at what stands now: a transaction that sees an older state could be made to pass them all.
CREATE FUNCTION pengesahan.hanya_terkini() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'tabel % hanya ditulis dalam transaksi READ COMMITTED', TG_TABLE_NAME USING ERRCODE = 'AP001';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER terkini BEFORE INSERT OR UPDATE ON pengesahan.sesi
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.hanya_terkini();
CREATE TRIGGER terkini BEFORE INSERT ON pengesahan.bacaan
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.hanya_terkini();
CREATE TRIGGER terkini BEFORE INSERT ON pengesahan.saringan
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.hanya_terkini();
CREATE TRIGGER terkini BEFORE INSERT ON pengesahan.gerbang
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.hanya_terkini();
CREATE TRIGGER terkini BEFORE INSERT ON pengesahan.persetujuan
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.hanya_terkini();
CREATE TRIGGER terkini BEFORE INSERT OR UPDATE ON pengesahan.batch
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.hanya_terkini();
CREATE TRIGGER terkini BEFORE INSERT ON pengesahan.hasil
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.hanya_terkini();

CREATE OR REPLACE FUNCTION pengesahan.jaga_cuplikan() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- held until the writer commits, so that no gate opens over rows that are still being written
    PERFORM 1 FROM pengesahan.sesi s WHERE s.id IN (SELECT DISTINCT b.sesi_id FROM baru b) FOR SHARE;
    IF EXISTS (SELECT 1 FROM pengesahan.sesi s
               WHERE s.id IN (SELECT DISTINCT b.sesi_id FROM baru b)
                 AND (s.status <> 'BERJALAN' OR s.tahap NOT IN ('DIBUKA', 'CUPLIKAN', 'TERSARING'))) THEN
        RAISE EXCEPTION 'cuplikan sesi ini sudah dibekukan' USING ERRCODE = 'AP001';
    END IF;
    RETURN NULL;
END $$;

-- As in 0001; a cancellation's batches need its approvals too.
CREATE OR REPLACE FUNCTION pengesahan.jaga_batch() RETURNS trigger LANGUAGE plpgsql
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
    SELECT count(*), (array_agg(p.oleh ORDER BY p.urutan DESC))[1] INTO v_setuju, v_terakhir
      FROM pengesahan.persetujuan p
     WHERE p.sesi_id = NEW.sesi_id AND p.keputusan = 'SETUJU' AND p.sidik = v.sidik AND p.urutan <= v.pengesah;
    IF v_setuju <> v.pengesah OR v_terakhir IS DISTINCT FROM NEW.oleh THEN
        RAISE EXCEPTION 'sesi % belum disetujui untuk sidik ini oleh %', v.nomor, NEW.oleh USING ERRCODE = 'AP002';
    END IF;
    IF v.jenis = 'PENGESAHAN' THEN
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

CREATE OR REPLACE FUNCTION pengesahan.jaga_batch_ubah() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.status <> 'DIKIRIM' OR (NEW.kunci, NEW.sesi_id, NEW.epoch, NEW.oleh, NEW.idpel, NEW.sidik_isi, NEW.dikirim_pada)
       IS DISTINCT FROM (OLD.kunci, OLD.sesi_id, OLD.epoch, OLD.oleh, OLD.idpel, OLD.sidik_isi, OLD.dikirim_pada) THEN
        RAISE EXCEPTION 'batch % sudah selesai atau isinya diubah', OLD.kunci USING ERRCODE = 'AP001';
    END IF;
    IF NEW.selesai_pada IS NOT NULL THEN
        NEW.selesai_pada := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION pengesahan.jaga_hasil() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM baru WHERE kunci IS NULL) THEN
        -- a batch that is being put in flight is waited for
        PERFORM 1 FROM pengesahan.sesi s
          WHERE s.id IN (SELECT h.sesi_id FROM baru h WHERE h.kunci IS NULL) FOR NO KEY UPDATE;
        -- A row whose batch is in flight has no other outcome than what AP2T says of it.
        IF EXISTS (SELECT 1 FROM pengesahan.batch b JOIN baru h ON h.sesi_id = b.sesi_id AND h.kunci IS NULL
                    WHERE b.status = 'DIKIRIM' AND h.idpel = ANY (b.idpel)) THEN
            RAISE EXCEPTION 'baris yang batch-nya masih dalam perjalanan tidak boleh diberi hasil lain'
                USING ERRCODE = 'AP002';
        END IF;
    END IF;
    -- An outcome belongs to a row of that batch, and to the kind of its session.
    IF EXISTS (SELECT h.kunci, h.sesi_id, h.idpel COLLATE "C" FROM baru h WHERE h.kunci IS NOT NULL
               EXCEPT
               SELECT b.kunci, b.sesi_id, i COLLATE "C" FROM pengesahan.batch b, unnest(b.idpel) i
                WHERE b.kunci IN (SELECT n.kunci FROM baru n))
       OR EXISTS (SELECT 1 FROM baru h JOIN pengesahan.sesi s ON s.id = h.sesi_id
                   WHERE h.status = ANY (CASE s.jenis WHEN 'PENGESAHAN' THEN '{BATAL,BELUM_POSTING}'::text[]
                                              ELSE '{POSTING,SUDAH_POSTING,BERUBAH}'::text[] END)) THEN
        RAISE EXCEPTION 'yang ditulis bukan hasil baris batch sesi itu' USING ERRCODE = 'AP002';
    END IF;
    RETURN NULL;
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA pengesahan FROM PUBLIC;
