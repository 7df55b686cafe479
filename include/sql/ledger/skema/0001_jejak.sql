-- The schema, what every table leans on, and the trail. This and the other files of 0001 run once, as the owner, in the order
-- that ledger/migrasi/versions/v0001_awal.py names. What the application may do stands in hak_aplikasi.sql.

CREATE SCHEMA IF NOT EXISTS pengesahan;

-- Two guards that most tables share.

-- A table with the trigger hanya_tambah only grows: what was written stays as it was written.
CREATE FUNCTION pengesahan.tolak_ubah() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'tabel % hanya boleh ditambah', TG_TABLE_NAME USING ERRCODE = 'AP001';
END $$;

-- A table with the trigger terkini is written under READ COMMITTED only. The guards look at what stands now: a transaction that
-- sees an older state could be made to pass them all.
CREATE FUNCTION pengesahan.hanya_terkini() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'tabel % hanya ditulis dalam transaksi READ COMMITTED', TG_TABLE_NAME USING ERRCODE = 'AP001';
    END IF;
    RETURN NULL;
END $$;

-- The trail: append-only, each entry holds the hash of the one before.
CREATE TABLE pengesahan.jejak (
    id bigint PRIMARY KEY, pada timestamptz NOT NULL, sesi_id bigint, jenis text NOT NULL, pelaku text NOT NULL,
    isi jsonb NOT NULL, sebelum bytea NOT NULL, sidik bytea NOT NULL
);
CREATE INDEX jejak_sesi ON pengesahan.jejak (sesi_id, id);
-- Kinds that a check looks for over the whole trail.
CREATE INDEX jejak_jenis ON pengesahan.jejak (jenis, id)
    WHERE jenis IN ('SEGEL_DIBUAT', 'SESI_DIBUKA', 'KONFIGURASI_DITERAPKAN');
-- What a session saw last, by kind, found by one look each: a wait of days leaves an entry for each change that was seen.
CREATE INDEX jejak_dilihat ON pengesahan.jejak (sesi_id, (jenis || coalesce(' ' || (isi ->> 'tahap'), '')), id)
    WHERE jenis IN ('CUPLIKAN_DIAMBIL', 'DISARING', 'KESIAPAN');

-- The newest entry's number and hash. Only the trigger below moves it.
CREATE TABLE pengesahan.jejak_kepala (
    satu boolean PRIMARY KEY DEFAULT true CHECK (satu), id bigint NOT NULL, sidik bytea NOT NULL
);
INSERT INTO pengesahan.jejak_kepala (id, sidik) VALUES (0, sha256('awal'::bytea));

-- The hash of an entry.
CREATE FUNCTION pengesahan.sidik_jejak(p_id bigint, p_pada timestamptz, p_sesi bigint, p_jenis text, p_pelaku text,
                                       p_isi jsonb, p_sebelum bytea) RETURNS bytea
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT sha256(convert_to(jsonb_build_array(p_id, extract(epoch FROM p_pada)::text, p_sesi, p_jenis, p_pelaku,
                                               p_isi, encode(p_sebelum, 'hex'))::text, 'UTF8'))
$$;

-- Number, time and hashes of an entry are the ledger's to say, whatever the writer gave.
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
CREATE TRIGGER rangkai_jejak BEFORE INSERT ON pengesahan.jejak FOR EACH ROW EXECUTE FUNCTION pengesahan.rangkai_jejak();

-- The ledger's own name: seals outside it carry it, so that a seal of another ledger is not taken for one of this.
CREATE TABLE pengesahan.identitas (
    satu boolean PRIMARY KEY DEFAULT true CHECK (satu), kode uuid NOT NULL DEFAULT gen_random_uuid(),
    dibuat_pada timestamptz NOT NULL DEFAULT now()
);
INSERT INTO pengesahan.identitas DEFAULT VALUES;

-- Which entries of Airflow's own event log were copied into the trail: each once.
CREATE TABLE pengesahan.peristiwa_airflow (
    nomor bigint NOT NULL,
    waktu timestamptz NOT NULL,  -- by Airflow's clock
    disalin_pada timestamptz NOT NULL DEFAULT now(),  -- by the ledger's
    PRIMARY KEY (nomor, waktu)
);

-- Up to when Airflow's event log was read, by Airflow's clock. It moves with whatever was looked at, kept or not.
CREATE TABLE pengesahan.peristiwa_kursor (
    satu boolean PRIMARY KEY DEFAULT true CHECK (satu), sampai timestamptz NOT NULL
);
-- Of an older Airflow nothing from before this ledger.
INSERT INTO pengesahan.peristiwa_kursor (sampai) SELECT dibuat_pada FROM pengesahan.identitas;
