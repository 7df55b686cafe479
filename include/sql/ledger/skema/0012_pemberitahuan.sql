-- Outbox of notifications, derived from the trail: one row for each event, recipient and channel. Nothing that decides about
-- readings ever looks here.
CREATE TABLE pengesahan.pemberitahuan (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    peristiwa    text NOT NULL,                      -- JEJAK:<id of the trail's entry>, or PENGINGAT:<session>:<gate>
    jenis        text NOT NULL,
    jejak_id     bigint,
    sesi_id      bigint REFERENCES pengesahan.sesi (id),
    urutan       smallint,                           -- the gate, where the message is about one
    unitup       text NOT NULL,
    kepada       text NOT NULL,                      -- username; empty = the unit's own channel
    saluran      text NOT NULL,                      -- surel, or the id of an Apprise connection; empty = nobody was to be told
    alamat       text,                               -- of a mail
    status       text NOT NULL DEFAULT 'MENUNGGU'
                 CHECK (status IN ('MENUNGGU', 'GAGAL', 'TERKIRIM', 'MENYERAH', 'USANG', 'LEWAT', 'TANPA_ALAMAT')),
    percobaan    integer NOT NULL DEFAULT 0,
    berikut_pada timestamptz NOT NULL DEFAULT now(),
    keterangan   text,
    terjadi_pada timestamptz NOT NULL,
    dibuat_pada  timestamptz NOT NULL DEFAULT now(),
    selesai_pada timestamptz,
    UNIQUE (peristiwa, kepada, saluran)
);
CREATE INDEX pemberitahuan_menunggu ON pengesahan.pemberitahuan (saluran, id) WHERE status IN ('MENUNGGU', 'GAGAL');
CREATE INDEX pemberitahuan_unit ON pengesahan.pemberitahuan (unitup, id);

-- The last entry of the trail whose notifications are written.
CREATE TABLE pengesahan.pemberitahuan_kursor (
    satu     boolean PRIMARY KEY DEFAULT true CHECK (satu),
    jejak_id bigint NOT NULL
);
