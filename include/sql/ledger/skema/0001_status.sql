-- Where the customers stand, summed up while the facts are written, so that the rekap of a unit's month need not read its rows.

-- Customers that a cancellation saw lifted by Suplai Stan (3), from the moment its snapshot was frozen.
CREATE TABLE pengesahan.suplai_terlihat (
    sesi_id bigint NOT NULL REFERENCES pengesahan.sesi (id), idpel text COLLATE "C" NOT NULL, pada timestamptz NOT NULL,
    PRIMARY KEY (sesi_id, idpel)
);
ALTER TABLE pengesahan.suplai_terlihat ALTER COLUMN sesi_id SET STATISTICS 0;

-- Every fact that tells where a customer stands in AP2T. "sesi_kwh": the session whose kWh counts from here on. "lepas":
-- from here on no kWh of ours counts (cancelled, or others had a hand in it); Suplai Stan changes neither.
-- Facts are in the order of their sessions and steps ("langkah"), which no clock can bend: sessions of one kelompok follow each
-- other (one open at a time); in a session first what its snapshot found of others' doings, then what it saw lifted by Suplai
-- Stan, then the row's outcome, then what its comparisons found. "urut" tells apart what one step found.
CREATE VIEW pengesahan.fakta_posisi AS
SELECT s.unitup, s.thblrek, s.hari_baca, h.idpel COLLATE "C" AS idpel, h.sesi_id, h.pada, 0::bigint AS urut,
       h.kodeposting, h.status AS fakta, CASE WHEN h.status IN ('POSTING', 'SUDAH_POSTING') THEN h.sesi_id END AS sesi_kwh,
       h.status IN ('BATAL', 'BELUM_POSTING') AS lepas, 2 AS langkah
  FROM pengesahan.hasil h JOIN pengesahan.sesi s ON s.id = h.sesi_id
 WHERE h.status IN ('POSTING', 'SUDAH_POSTING', 'BATAL', 'BELUM_POSTING') OR (h.status = 'DITOLAK' AND h.kodeposting = 3)
UNION ALL
SELECT s.unitup, s.thblrek, s.hari_baca, l.idpel COLLATE "C", l.sesi_id, l.ditemukan_pada, l.id, l.kodeposting,
       'LUAR_' || l.kejadian, NULL, true, CASE l.tahap WHEN 'CUPLIKAN' THEN 0 ELSE 3 END
  FROM pengesahan.luar_sistem l JOIN pengesahan.sesi s ON s.id = l.sesi_id
UNION ALL
SELECT s.unitup, s.thblrek, s.hari_baca, t.idpel COLLATE "C", t.sesi_id, t.pada, -1, 3, 'SUPLAI_STAN', NULL, false, 1
  FROM pengesahan.suplai_terlihat t JOIN pengesahan.sesi s ON s.id = t.sesi_id;

-- Each fact with what it changed. "pada": from when on it counts, which is never before the fact before it counted: a clock that
-- was set back takes nothing out of its order, and the past stays as it was told.
CREATE VIEW pengesahan.gerak_posisi AS
SELECT unitup, thblrek, hari_baca, idpel, sesi_id, sejak AS pada, urut, fakta, kodeposting, kwh_sesi,
       lag(kodeposting) OVER w AS kodeposting_lama, lag(kwh_sesi) OVER w AS kwh_sesi_lama,
       lead(sejak) OVER w AS sampai, langkah
  FROM (SELECT f.*, max(sesi_kwh) OVER (PARTITION BY unitup, thblrek, hari_baca, idpel, kurun
                                       ORDER BY sesi_id, langkah, urut) AS kwh_sesi
          FROM (SELECT *, count(*) FILTER (WHERE lepas) OVER n AS kurun, max(pada) OVER n AS sejak
                  FROM pengesahan.fakta_posisi
                WINDOW n AS (PARTITION BY unitup, thblrek, hari_baca, idpel ORDER BY sesi_id, langkah, urut)) f) k
WINDOW w AS (PARTITION BY unitup, thblrek, hari_baca, idpel ORDER BY sesi_id, langkah, urut);

-- What the facts of one instant changed in the sums of their kelompok: customers at posting 1, at 3, cancelled and not
-- approved again, at 1 or 3 by other hands than ours; and the kWh of those at 1 or 3 by ours. Never rewritten: the sums as
-- of any moment are the sums of what stands until then.
CREATE TABLE pengesahan.hitungan (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sesi_id bigint NOT NULL REFERENCES pengesahan.sesi (id),
    pada timestamptz NOT NULL, sudah integer NOT NULL, suplai integer NOT NULL, batal integer NOT NULL,
    luar integer NOT NULL, kwh numeric NOT NULL
);
CREATE INDEX hitungan_sesi ON pengesahan.hitungan (sesi_id, pada);

-- The same sums from the rows: what a fact's instant changed.
CREATE VIEW pengesahan.hitungan_baris AS
SELECT g.unitup, g.thblrek, g.hari_baca, g.idpel, g.sesi_id, g.pada, g.urut,
       (g.kodeposting = 1)::integer - coalesce((g.kodeposting_lama = 1)::integer, 0) AS sudah,
       (g.kodeposting = 3)::integer - coalesce((g.kodeposting_lama = 3)::integer, 0) AS suplai,
       (g.kodeposting = 0)::integer - coalesce((g.kodeposting_lama = 0)::integer, 0) AS batal,
       (g.kodeposting > 0 AND g.kwh_sesi IS NULL)::integer
           - coalesce((g.kodeposting_lama > 0 AND g.kwh_sesi_lama IS NULL)::integer, 0) AS luar,
       coalesce(b.kwh, 0) - coalesce(l.kwh, 0) AS kwh
  FROM pengesahan.gerak_posisi g LEFT JOIN pengesahan.saringan b ON b.sesi_id = g.kwh_sesi AND b.idpel = g.idpel
  LEFT JOIN pengesahan.saringan l ON l.sesi_id = g.kwh_sesi_lama AND l.idpel = g.idpel;

-- Adds what facts of a session changed. The planner does not know a fresh session's size; these look up at most a batch by its
-- keys.
CREATE FUNCTION pengesahan.tambah_hitungan(p_sesi bigint, p_idpel text[], p_urut bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE v pengesahan.sesi;
BEGIN
    SELECT * INTO v FROM pengesahan.sesi WHERE id = p_sesi;
    INSERT INTO pengesahan.hitungan (sesi_id, pada, sudah, suplai, batal, luar, kwh)
    SELECT p_sesi, b.pada, sum(b.sudah), sum(b.suplai), sum(b.batal), sum(b.luar), sum(b.kwh)
      FROM pengesahan.hitungan_baris b
     WHERE b.unitup = v.unitup AND b.thblrek = v.thblrek AND b.hari_baca = v.hari_baca
       AND b.idpel = ANY (p_idpel) AND b.sesi_id = p_sesi AND b.urut = ANY (p_urut)
     GROUP BY b.pada
    HAVING (sum(b.sudah), sum(b.suplai), sum(b.batal), sum(b.luar), sum(b.kwh)) IS DISTINCT FROM (0, 0, 0, 0, 0);
END $$;

-- Three kinds of facts: an outcome, what others did, what a cancellation saw lifted.
CREATE TRIGGER hitung_hasil AFTER INSERT ON pengesahan.hasil REFERENCING NEW TABLE AS baru
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.hitung_hasil();

CREATE FUNCTION pengesahan.hitung_luar() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE b record;
BEGIN
    FOR b IN SELECT sesi_id, array_agg(idpel) AS idpel, array_agg(id) AS urut FROM baru GROUP BY sesi_id LOOP
        PERFORM pengesahan.tambah_hitungan(b.sesi_id, b.idpel, b.urut);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER hitung_luar AFTER INSERT ON pengesahan.luar_sistem REFERENCING NEW TABLE AS baru
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.hitung_luar();

CREATE FUNCTION pengesahan.hitung_suplai() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_idpel text[];
BEGIN
    IF NEW.jenis <> 'PEMBATALAN' OR OLD.tahap NOT IN ('DIBUKA', 'CUPLIKAN', 'TERSARING')
       OR (NEW.tahap IN ('DIBUKA', 'CUPLIKAN', 'TERSARING') AND NEW.status IN ('BERJALAN', 'TERHENTI')) THEN
        RETURN NULL;
    END IF;
    WITH baru AS (
        INSERT INTO pengesahan.suplai_terlihat (sesi_id, idpel, pada)
        SELECT r.sesi_id, r.idpel, k.kini FROM (SELECT clock_timestamp() AS kini) k, pengesahan.pembatalan_baris r
         WHERE r.sesi_id = NEW.id AND r.kodeposting = 3 RETURNING idpel
    ) SELECT array_agg(idpel) INTO v_idpel FROM baru;
    PERFORM pengesahan.tambah_hitungan(NEW.id, v_idpel, '{-1}');
    RETURN NULL;
END $$;
CREATE TRIGGER hitung_suplai AFTER UPDATE ON pengesahan.sesi FOR EACH ROW EXECUTE FUNCTION pengesahan.hitung_suplai();
