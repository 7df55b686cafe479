-- Functions that a later migration changed, as they now are: one place for each. The migration that made them runs this file, and
-- so does each that changes one.

-- Readings, verdicts and rows of a cancellation are written, and a verdict is taken back, only while no gate has shown them. The
-- argument: what is said of one that has been shown.
CREATE OR REPLACE FUNCTION pengesahan.jaga_cuplikan() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_sesi bigint[] := ARRAY(SELECT DISTINCT b.sesi_id FROM baru b); v_tiada bigint;
BEGIN
    -- held until the writer commits, so that no gate opens over rows that are still being written
    PERFORM 1 FROM pengesahan.sesi s WHERE s.id = ANY (v_sesi) FOR NO KEY UPDATE;
    SELECT i INTO v_tiada FROM unnest(v_sesi) i
     WHERE NOT EXISTS (SELECT 1 FROM pengesahan.sesi s WHERE s.id = i) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'sesi % tidak ada dalam buku', v_tiada USING ERRCODE = 'AP001';
    END IF;
    IF EXISTS (SELECT 1 FROM pengesahan.sesi s
               WHERE s.id = ANY (v_sesi)
                 AND (s.status <> 'BERJALAN' OR s.tahap NOT IN ('DIBUKA', 'CUPLIKAN', 'TERSARING'))) THEN
        RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'AP001';
    END IF;
    RETURN NULL;
END $$;

-- An outcome of a batch is one of its rows (below), so that its batch and its session exist; without one the session is looked for.
CREATE OR REPLACE FUNCTION pengesahan.jaga_hasil() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_tiada bigint;
BEGIN
    IF EXISTS (SELECT 1 FROM baru WHERE kunci IS NULL) THEN
        -- a batch that is being put in flight is waited for
        PERFORM 1 FROM pengesahan.sesi s
          WHERE s.id IN (SELECT h.sesi_id FROM baru h WHERE h.kunci IS NULL) FOR NO KEY UPDATE;
        SELECT h.sesi_id INTO v_tiada FROM baru h
         WHERE h.kunci IS NULL AND NOT EXISTS (SELECT 1 FROM pengesahan.sesi s WHERE s.id = h.sesi_id) LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'sesi % tidak ada dalam buku', v_tiada USING ERRCODE = 'AP001';
        END IF;
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

-- Invariants 1, 2 and 4 once more, where nothing can go round them: a batch may stand only in a session that
-- still has this epoch, is posting, is approved by everyone it needs for this very digest, by the sender last;
-- and only with rows that may go, were not sent back, have no outcome yet and are in no other batch. Rows that may go passed the
-- sieve; of a cancellation, its snapshot calls them BOLEH.
CREATE OR REPLACE FUNCTION pengesahan.jaga_batch() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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
    -- idpel are in order, so ranges tell most batches apart; CASE, for the planner would take && for the cheaper condition
    IF EXISTS (SELECT 1 FROM pengesahan.batch b
                WHERE b.sesi_id = NEW.sesi_id AND b.status = 'DIKIRIM'
                  AND CASE WHEN b.idpel[1] COLLATE "C" <= NEW.idpel[v_n]
                                AND b.idpel[cardinality(b.idpel)] COLLATE "C" >= NEW.idpel[1]
                           THEN b.idpel && NEW.idpel ELSE false END) THEN
        v_boleh := -1;
    END IF;
    IF v_boleh <> v_n THEN
        RAISE EXCEPTION 'batch sesi % memuat baris yang tidak boleh %', v.nomor,
            CASE v.jenis WHEN 'PENGESAHAN' THEN 'diposting' ELSE 'dibatalkan' END USING ERRCODE = 'AP002';
    END IF;
    RETURN NEW;
END $$;

-- Where nothing else was ever learnt of the month's kelompok, as in most first rounds, the outcomes alone are summed.
CREATE OR REPLACE FUNCTION pengesahan.hitung_hasil() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off AS $$
DECLARE b record;
BEGIN
    FOR b IN SELECT sesi_id, array_agg(idpel) AS idpel FROM baru
              WHERE status NOT IN ('DITOLAK', 'BERUBAH') OR kodeposting = 3 GROUP BY sesi_id LOOP
        IF EXISTS (SELECT 1 FROM pengesahan.luar_sistem l WHERE l.sesi_id = b.sesi_id)
           OR EXISTS (SELECT 1 FROM pengesahan.suplai_terlihat t WHERE t.sesi_id = b.sesi_id)
           OR EXISTS (SELECT 1 FROM pengesahan.sesi s JOIN pengesahan.sesi l
                          ON l.unitup = s.unitup AND l.thblrek = s.thblrek AND l.hari_baca = s.hari_baca AND l.id <> s.id
                       WHERE s.id = b.sesi_id) THEN
            PERFORM pengesahan.tambah_hitungan(b.sesi_id, b.idpel, '{0}');
            CONTINUE;
        END IF;
        INSERT INTO pengesahan.hitungan (sesi_id, pada, sudah, suplai, batal, luar, kwh)
        SELECT b.sesi_id, n.pada, count(*) FILTER (WHERE n.kodeposting = 1), count(*) FILTER (WHERE n.kodeposting = 3),
               count(*) FILTER (WHERE n.kodeposting = 0), count(*) FILTER (WHERE n.kodeposting > 0 AND NOT n.kita),
               -- not a join: its planner takes a fresh session for one row, and compares each outcome with all of it
               coalesce(sum((SELECT coalesce(g.kwh_kirim, g.kwh) FROM pengesahan.saringan g
                              WHERE g.sesi_id = n.sesi_id AND g.idpel = n.idpel)) FILTER (WHERE n.kita), 0)
          FROM (SELECT h.*, h.status IN ('POSTING', 'SUDAH_POSTING') AS kita FROM baru h) n
         WHERE n.sesi_id = b.sesi_id AND (n.status NOT IN ('DITOLAK', 'BERUBAH') OR n.kodeposting = 3)
         GROUP BY n.pada;
    END LOOP;
    RETURN NULL;
END $$;
