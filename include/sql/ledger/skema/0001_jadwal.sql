-- The schedule, and the messages to people.

-- What the schedule knows of each kelompok that is, or soon will be, due: when, how far it was at the last look, and its run.
-- One row a kelompok and month, for good: this is what makes each of them open once, whatever crashes or runs twice.
CREATE TABLE pengesahan.jadwal (
    unitup text NOT NULL CONSTRAINT jadwal_unitup_check CHECK (unitup ~ '^[0-9]{5}$'),
    thblrek text NOT NULL CONSTRAINT jadwal_thblrek_check CHECK (thblrek ~ '^[0-9]{4}(0[1-9]|1[0-2])$'),
    hari_baca text NOT NULL CONSTRAINT jadwal_hari_baca_check CHECK (hari_baca ~ '^[A-Z0-9]{1,2}$'),
    tgl_mulai date NOT NULL,  -- the calendar's values as they stood when H-1 had passed:
    jumlah_hari integer NOT NULL CONSTRAINT jadwal_jumlah_hari_check CHECK (jumlah_hari > 0),  -- later changes are told
    jatuh_tempo date NOT NULL,  -- the day, in the unit's zone, by the calendar as last seen
    tenggat timestamptz NOT NULL,  -- from when on it is opened though it is not ready
    dicatat_pada timestamptz NOT NULL DEFAULT now(),
    ditengok_pada timestamptz,  -- the last look at ACMT, and its counts of customers
    pelanggan integer, terisi integer, terverifikasi integer, terkirim integer,
    lewat_sejak timestamptz,  -- since when it is told to be late
    dag_id text,  -- the run that is to be opened: written before it is
    run_id text, sebab text CONSTRAINT jadwal_sebab_check CHECK (sebab IN ('SIAP', 'TENGGAT', 'ORANG')),
    dibuka_pada timestamptz,  -- surely opened
    CONSTRAINT jadwal_pkey PRIMARY KEY (unitup, thblrek, hari_baca),
    CONSTRAINT jadwal_run CHECK ((run_id IS NULL) = (dag_id IS NULL) AND (run_id IS NULL) = (sebab IS NULL)
                                 AND (dibuka_pada IS NULL OR run_id IS NOT NULL))
);
CREATE INDEX jadwal_belum_dibuka ON pengesahan.jadwal (jatuh_tempo) WHERE dibuka_pada IS NULL;

CREATE FUNCTION pengesahan.jaga_jadwal() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.dibuka_pada IS NOT NULL
       AND (NEW.dag_id, NEW.run_id, NEW.sebab, NEW.dibuka_pada, NEW.jatuh_tempo, NEW.lewat_sejak)
           IS DISTINCT FROM (OLD.dag_id, OLD.run_id, OLD.sebab, OLD.dibuka_pada, OLD.jatuh_tempo, OLD.lewat_sejak) THEN
        RAISE EXCEPTION 'kelompok ini sudah dibuka oleh jadwal; catatannya tidak dapat diubah' USING ERRCODE = 'AP001';
    END IF;
    IF OLD.lewat_sejak IS NOT NULL AND NEW.lewat_sejak IS DISTINCT FROM OLD.lewat_sejak THEN
        RAISE EXCEPTION 'sejak kapan kelompok ini terlambat tidak dapat diubah' USING ERRCODE = 'AP001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_jadwal BEFORE UPDATE ON pengesahan.jadwal FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_jadwal();

-- Calendar faults that were told, each once: another sentence is another fault.
CREATE TABLE pengesahan.jadwal_cacat (
    unitup text NOT NULL, thblrek text NOT NULL, kode text NOT NULL, hari_baca text NOT NULL, kalimat text NOT NULL,
    dicatat_pada timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT jadwal_cacat_pkey PRIMARY KEY (unitup, thblrek, kode, hari_baca, kalimat)
);

-- Outbox of notifications, derived from the trail: one row for each event, recipient and channel. Nothing that decides about
-- readings ever looks here.
CREATE TABLE pengesahan.pemberitahuan (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    peristiwa text NOT NULL,  -- JEJAK:<id of the trail's entry>, or PENGINGAT:<session>:<gate>
    jenis text NOT NULL, jejak_id bigint, sesi_id bigint REFERENCES pengesahan.sesi (id),
    urutan smallint,  -- the gate, where the message is about one
    unitup text NOT NULL,
    kepada text NOT NULL,  -- username; empty = the unit's own channel
    saluran text NOT NULL,  -- surel, or the id of an Apprise connection; empty = nobody was to be told
    alamat text,  -- of a mail
    status text NOT NULL DEFAULT 'MENUNGGU'
                 CHECK (status IN ('MENUNGGU', 'GAGAL', 'TERKIRIM', 'MENYERAH', 'USANG', 'LEWAT', 'TANPA_ALAMAT')),
    percobaan integer NOT NULL DEFAULT 0, berikut_pada timestamptz NOT NULL DEFAULT now(), keterangan text,
    terjadi_pada timestamptz NOT NULL, dibuat_pada timestamptz NOT NULL DEFAULT now(), selesai_pada timestamptz,
    UNIQUE (peristiwa, kepada, saluran)
);
CREATE INDEX pemberitahuan_menunggu ON pengesahan.pemberitahuan (saluran, id) WHERE status IN ('MENUNGGU', 'GAGAL');
CREATE INDEX pemberitahuan_unit ON pengesahan.pemberitahuan (unitup, id);

-- The last entry of the trail whose notifications are written.
CREATE TABLE pengesahan.pemberitahuan_kursor (
    satu boolean PRIMARY KEY DEFAULT true CHECK (satu), jejak_id bigint NOT NULL
);
