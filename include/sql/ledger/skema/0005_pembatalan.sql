-- Cancelling approvals: what was asked, what AP2T held of it row by row, and guards as strict as those of an approval. Runs as
-- the owner.

-- ---------------------------------------------------------------------------------------------------------
-- A cancellation has one gate, also where the unit asks two people to approve: it gives rows back, it approves nothing.
ALTER TABLE pengesahan.sesi ADD CONSTRAINT pembatalan_satu_pengesah CHECK (jenis = 'PENGESAHAN' OR pengesah = 1);

CREATE OR REPLACE FUNCTION pengesahan.jaga_pola() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
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
    RETURN NEW;
END $$;

-- What a cancellation was asked to do.
CREATE TABLE pengesahan.pembatalan (
    sesi_id bigint PRIMARY KEY REFERENCES pengesahan.sesi (id),
    cakupan text NOT NULL CHECK (cakupan IN ('daftar', 'semua')),
    alasan  text NOT NULL CHECK (length(alasan) BETWEEN 10 AND 500 AND alasan = btrim(alasan)),
    diminta text[] NOT NULL,                  -- the idpel named; none where all of the kelompok is meant
    CONSTRAINT pembatalan_diminta CHECK ((cakupan = 'daftar') = (cardinality(diminta) > 0))
);

CREATE FUNCTION pengesahan.jaga_pembatalan() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pengesahan.sesi s
                    WHERE s.id = NEW.sesi_id AND s.jenis = 'PEMBATALAN' AND s.status = 'BERJALAN' AND s.tahap = 'DIBUKA') THEN
        RAISE EXCEPTION 'permintaan pembatalan hanya ditulis saat sesi pembatalannya dibuka' USING ERRCODE = 'AP001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_pembatalan BEFORE INSERT ON pengesahan.pembatalan
    FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_pembatalan();
CREATE TRIGGER terkini BEFORE INSERT ON pengesahan.pembatalan
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.hanya_terkini();
CREATE TRIGGER hanya_tambah BEFORE UPDATE OR DELETE OR TRUNCATE ON pengesahan.pembatalan
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();

-- The snapshot of a cancellation: what AP2T held of each customer, the approval that would be undone, and whether it may be.
CREATE TABLE pengesahan.pembatalan_baris (
    sesi_id       bigint NOT NULL REFERENCES pengesahan.pembatalan (sesi_id),
    idpel         text COLLATE "C" NOT NULL,
    kodeposting   smallint CHECK (kodeposting IN (0, 1, 3)),  -- null: not in AP2T's list of this kelompok
    no_pengesahan text,                       -- as AP2T holds it
    asal          bigint REFERENCES pengesahan.sesi (id),     -- our session of that number; null: posted by others
    kwh           numeric,                    -- as AP2T holds it
    oleh          text,
    waktu         text,
    hasil         text NOT NULL CHECK (hasil IN ('BOLEH', 'TIDAK')),
    sebab         text,
    PRIMARY KEY (sesi_id, idpel),
    CONSTRAINT pembatalan_sebab CHECK ((hasil = 'TIDAK') = (sebab IS NOT NULL)),
    -- only what stands at 1, under a number that AP2T can be told
    CONSTRAINT pembatalan_posting_1 CHECK (hasil = 'TIDAK' OR (kodeposting = 1 AND length(no_pengesahan) BETWEEN 1 AND 64) IS TRUE)
);
-- From an approval to what undid it.
CREATE INDEX pembatalan_asal ON pengesahan.pembatalan_baris (asal, idpel) WHERE asal IS NOT NULL;
ALTER TABLE pengesahan.pembatalan_baris ALTER COLUMN sesi_id SET STATISTICS 0;

CREATE TRIGGER terkini BEFORE INSERT ON pengesahan.pembatalan_baris
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.hanya_terkini();
CREATE TRIGGER jaga_pembatalan_baris AFTER INSERT ON pengesahan.pembatalan_baris REFERENCING NEW TABLE AS baru
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.jaga_cuplikan();

CREATE FUNCTION pengesahan.jaga_asal() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1
                 FROM (SELECT DISTINCT sesi_id, asal, no_pengesahan FROM baru WHERE asal IS NOT NULL) b
                 JOIN pengesahan.sesi s ON s.id = b.sesi_id
                 JOIN pengesahan.sesi a ON a.id = b.asal
                WHERE (a.jenis, a.unitup, a.thblrek, a.hari_baca, a.nomor)
                      IS DISTINCT FROM ('PENGESAHAN', s.unitup, s.thblrek, s.hari_baca, b.no_pengesahan)) THEN
        RAISE EXCEPTION 'pengesahan yang dibatalkan bukan milik kelompok ini, atau nomornya lain' USING ERRCODE = 'AP001';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER jaga_asal AFTER INSERT ON pengesahan.pembatalan_baris REFERENCING NEW TABLE AS baru
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.jaga_asal();

CREATE OR REPLACE FUNCTION pengesahan.hapus_cuplikan(p_sesi bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_jumlah bigint;
BEGIN
    PERFORM 1 FROM pengesahan.sesi
      WHERE id = p_sesi AND status = 'BERJALAN' AND tahap IN ('DIBUKA', 'CUPLIKAN', 'TERSARING') FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'cuplikan sesi % sudah dibekukan', p_sesi USING ERRCODE = 'AP001';
    END IF;
    DELETE FROM pengesahan.pembatalan_baris WHERE sesi_id = p_sesi;
    DELETE FROM pengesahan.saringan WHERE sesi_id = p_sesi;
    DELETE FROM pengesahan.bacaan WHERE sesi_id = p_sesi;
    GET DIAGNOSTICS v_jumlah = ROW_COUNT;
    RETURN v_jumlah;
END $$;

-- ---------------------------------------------------------------------------------------------------------
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

-- As before; a cancellation's batches need its approval too, and hold only rows of its snapshot that may go.
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
    ELSE
        SELECT count(*) INTO v_boleh
          FROM pengesahan.pembatalan_baris r
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

-- ---------------------------------------------------------------------------------------------------------
-- Each cancelled customer with the approval that it undoes and what came of it: to be asked from either side.
CREATE VIEW pengesahan.pembatalan_hasil AS
SELECT r.sesi_id, s.nomor AS no_pembatalan, s.unitup, s.thblrek, s.hari_baca, r.idpel, r.asal, r.no_pengesahan,
       h.status, h.kode, h.kodeposting, h.pada
  FROM pengesahan.pembatalan_baris r
  JOIN pengesahan.sesi s ON s.id = r.sesi_id
  JOIN pengesahan.hasil h ON h.sesi_id = r.sesi_id AND h.idpel = r.idpel;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA pengesahan FROM PUBLIC;
