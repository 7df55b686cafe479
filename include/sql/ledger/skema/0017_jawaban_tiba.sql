-- Answers as they came through a gate, written down before anything judges them: Airflow keeps its own copy only until the
-- gate opens again. An arrival decides nothing: posting and cancelling read pengesahan.persetujuan alone. Runs as the owner.
CREATE TABLE pengesahan.jawaban_tiba (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sesi_id      bigint NOT NULL,
    urutan       smallint NOT NULL,
    sidik        text NOT NULL,              -- what the gate showed
    epoch        integer NOT NULL,           -- the session's, when it arrived
    oleh         text NOT NULL CHECK (length(oleh) <= 250),   -- as Airflow recorded it; empty: it named nobody
    pilihan      text[] NOT NULL CHECK (cardinality(pilihan) <= 5),
    isian        text NOT NULL CHECK (length(isian) <= 5000000),  -- the form's fields as JSON, ASCII: any value fits
    dijawab_pada timestamptz NOT NULL,       -- by Airflow's clock
    tiba_pada    timestamptz NOT NULL DEFAULT clock_timestamp(),
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
CREATE TRIGGER terkini BEFORE INSERT ON pengesahan.jawaban_tiba
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.hanya_terkini();
CREATE TRIGGER hanya_tambah BEFORE UPDATE OR DELETE OR TRUNCATE ON pengesahan.jawaban_tiba
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.tolak_ubah();

-- The arrival an answer was taken up from. Null: the gate stood before arrivals were written down.
ALTER TABLE pengesahan.persetujuan ADD COLUMN tiba bigint REFERENCES pengesahan.jawaban_tiba (id);

-- Gates opened from here on are answered through an arrival; the audit asks for it. The trail's entry of the gate says so.
ALTER TABLE pengesahan.gerbang ADD COLUMN mencatat_tiba boolean NOT NULL DEFAULT false;
ALTER TABLE pengesahan.gerbang ALTER COLUMN mencatat_tiba SET DEFAULT true;

-- Arrivals that nobody has judged yet, of gates that still wait.
CREATE VIEW pengesahan.jawaban_menunggu AS
SELECT t.*
  FROM pengesahan.jawaban_tiba t
  JOIN pengesahan.sesi s ON s.id = t.sesi_id
 WHERE s.status IN ('BERJALAN', 'TERHENTI') AND s.tahap = 'MENUNGGU_PERSETUJUAN'
   AND NOT EXISTS (SELECT 1 FROM pengesahan.persetujuan p WHERE p.sesi_id = t.sesi_id AND p.urutan = t.urutan)
   AND NOT EXISTS (SELECT 1 FROM pengesahan.jejak j
                    WHERE j.sesi_id = t.sesi_id AND j.jenis = 'JAWABAN_TIDAK_DITERIMA' AND j.isi -> 'tiba' = to_jsonb(t.id));

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA pengesahan FROM PUBLIC;
