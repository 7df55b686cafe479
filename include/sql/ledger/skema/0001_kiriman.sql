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

-- What may stand and what may be written is said in fungsi.sql.
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
