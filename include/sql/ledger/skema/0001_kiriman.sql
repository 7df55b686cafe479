-- What was sent to AP2T, what came of each row, and what others did there.

-- A batch under one Idempotency-Key. It stands here, committed, before it is sent.
CREATE TABLE pengesahan.batch (
    kunci uuid PRIMARY KEY, sesi_id bigint NOT NULL REFERENCES pengesahan.sesi (id), epoch integer NOT NULL,
    oleh text NOT NULL, idpel text[] NOT NULL CHECK (cardinality(idpel) BETWEEN 1 AND 1000),
    sidik_isi text NOT NULL,  -- SHA-256 of the body
    status text NOT NULL DEFAULT 'DIKIRIM' CHECK (status IN ('DIKIRIM', 'DITERAPKAN', 'BATAL')),
    dikirim_pada timestamptz NOT NULL DEFAULT now(), selesai_pada timestamptz, keterangan text,
    CHECK ((status = 'DIKIRIM') = (selesai_pada IS NULL))
);
CREATE INDEX batch_sesi ON pengesahan.batch (sesi_id);
CREATE INDEX batch_dikirim ON pengesahan.batch (sesi_id) WHERE status = 'DIKIRIM';

-- Invariants 1, 2 and 4 once more, where nothing can go round them: a batch may stand only in a session that
-- still has this epoch, is posting, is approved by everyone it needs for this very digest, by the sender last;
-- and only with rows that may go, were not sent back, have no outcome yet and are in no other batch. Rows that may go passed the
-- sieve; of a cancellation, its snapshot calls them BOLEH.
CREATE FUNCTION pengesahan.jaga_batch() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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
        SELECT count(*) INTO v_boleh FROM pengesahan.saringan s
         WHERE s.sesi_id = NEW.sesi_id AND s.idpel = ANY (NEW.idpel) AND s.hasil = 'LOLOS'
           AND s.idpel <> ALL (v_kembali)
           AND NOT EXISTS (SELECT 1 FROM pengesahan.hasil h WHERE h.sesi_id = s.sesi_id AND h.idpel = s.idpel);
    ELSE
        SELECT count(*) INTO v_boleh FROM pengesahan.pembatalan_baris r
         WHERE r.sesi_id = NEW.sesi_id AND r.idpel = ANY (NEW.idpel) AND r.hasil = 'BOLEH'
           AND NOT EXISTS (SELECT 1 FROM pengesahan.hasil h WHERE h.sesi_id = r.sesi_id AND h.idpel = r.idpel);
    END IF;
    -- idpel are in order, so ranges tell most batches apart and the costly comparison is rarely made
    IF EXISTS (SELECT 1 FROM pengesahan.batch b
                WHERE b.sesi_id = NEW.sesi_id AND b.status = 'DIKIRIM'
                  AND b.idpel[1] <= NEW.idpel[v_n] AND b.idpel[cardinality(b.idpel)] >= NEW.idpel[1]
                  AND b.idpel && NEW.idpel) THEN
        v_boleh := -1;
    END IF;
    IF v_boleh <> v_n THEN
        RAISE EXCEPTION 'batch sesi % memuat baris yang tidak boleh %', v.nomor,
            CASE v.jenis WHEN 'PENGESAHAN' THEN 'diposting' ELSE 'dibatalkan' END USING ERRCODE = 'AP002';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_batch BEFORE INSERT ON pengesahan.batch FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_batch();

-- A batch in flight becomes applied or void, once; what it holds stays.
CREATE FUNCTION pengesahan.jaga_batch_ubah() RETURNS trigger LANGUAGE plpgsql
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
CREATE TRIGGER jaga_batch_ubah BEFORE UPDATE ON pengesahan.batch
    FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_batch_ubah();

-- What became of a row. One row of a session has one outcome; a void batch leaves none.
CREATE TABLE pengesahan.hasil (
    sesi_id bigint NOT NULL REFERENCES pengesahan.sesi (id), idpel text COLLATE "C" NOT NULL,
    kunci uuid REFERENCES pengesahan.batch (kunci), status text NOT NULL
                CHECK (status IN ('POSTING', 'SUDAH_POSTING', 'DITOLAK', 'BATAL', 'BELUM_POSTING', 'BERUBAH')),
    kode text, pesan text, kodeposting smallint CHECK (kodeposting IN (0, 1, 3)),
    pada timestamptz NOT NULL DEFAULT statement_timestamp(),  -- what one statement tells of happened at one instant
    PRIMARY KEY (sesi_id, idpel),
    CHECK ((kunci IS NULL) = (status = 'BERUBAH'))
);
ALTER TABLE pengesahan.hasil ALTER COLUMN sesi_id SET STATISTICS 0;

CREATE FUNCTION pengesahan.jaga_hasil() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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
CREATE TRIGGER jaga_hasil AFTER INSERT ON pengesahan.hasil REFERENCING NEW TABLE AS baru
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.jaga_hasil();

-- Each cancelled customer with the approval that it undoes and what came of it: to be asked from either side.
CREATE VIEW pengesahan.pembatalan_hasil AS
SELECT r.sesi_id, s.nomor AS no_pembatalan, s.unitup, s.thblrek, s.hari_baca, r.idpel, r.asal, r.no_pengesahan,
       h.status, h.kode, h.kodeposting, h.pada
  FROM pengesahan.pembatalan_baris r JOIN pengesahan.sesi s ON s.id = r.sesi_id
  JOIN pengesahan.hasil h ON h.sesi_id = r.sesi_id AND h.idpel = r.idpel;

-- What happened in AP2T outside this project, as it was found (AP2T's state wins). A row may be cancelled, approved, and
-- cancelled once more between two looks of one session: each is a fact of its own. What is known already is left out where it is
-- written (luar_sistem_catat).
CREATE TABLE pengesahan.luar_sistem (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sesi_id bigint NOT NULL REFERENCES pengesahan.sesi (id),
    idpel text NOT NULL, kejadian text NOT NULL CHECK (kejadian IN ('DIPOSTING', 'DIBATALKAN')),
    tahap text NOT NULL CHECK (tahap IN ('CUPLIKAN', 'REKONSILIASI')),  -- when it was found
    kodeposting smallint NOT NULL CHECK (kodeposting IN (0, 1, 3)), no_pengesahan text, oleh text, waktu text,
    ditemukan_pada timestamptz NOT NULL DEFAULT statement_timestamp()
);
CREATE INDEX luar_sistem_terakhir ON pengesahan.luar_sistem (sesi_id, idpel, tahap, id);

-- Written while the session runs, at the step that looks at AP2T: one that was taken over tells nothing any more.
CREATE FUNCTION pengesahan.jaga_luar() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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
