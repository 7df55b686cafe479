-- The demo ACMT: its own tables, the contract's views over them, and what fills them.

-- name: skema
-- The demo's own tables stay apart from the contract's schema, as in a real deployment.
CREATE SCHEMA IF NOT EXISTS acmt_dasar;
CREATE SCHEMA IF NOT EXISTS acmt;
REVOKE ALL ON SCHEMA acmt_dasar FROM PUBLIC;
REVOKE ALL ON SCHEMA acmt FROM PUBLIC

-- name: tabel_unit
CREATE TABLE IF NOT EXISTS acmt_dasar.unit (
    unitup char(5) PRIMARY KEY,
    nama text NOT NULL,
    unitap char(5),
    unitupi char(2),
    zona_waktu text NOT NULL
)

-- name: tabel_petugas
CREATE TABLE IF NOT EXISTS acmt_dasar.petugas (
    username text NOT NULL,
    nama text,
    email text,
    peran text NOT NULL,
    unitup char(5) NOT NULL,
    aktif boolean NOT NULL DEFAULT true,
    PRIMARY KEY (unitup, username, peran)
)

-- name: tabel_jadwal
CREATE TABLE IF NOT EXISTS acmt_dasar.jadwal_hari_baca (
    unitup char(5) NOT NULL,
    thblrek char(6) NOT NULL,
    hari_baca text NOT NULL,
    tgl_mulai date NOT NULL,
    jumlah_hari integer NOT NULL,
    PRIMARY KEY (unitup, hari_baca, thblrek)
)

-- name: tabel_bacaan
-- The DPM. No NOT NULL and no checks on readings: real source data has everything.
CREATE TABLE IF NOT EXISTS acmt_dasar.bacaan (
    idpel char(12) NOT NULL,
    unitup char(5) NOT NULL,
    thblrek char(6) NOT NULL,
    hari_baca text NOT NULL,
    kddk char(12),
    nama text,
    tarif text,
    daya integer,
    fkmkwh numeric,
    fkmkvarh numeric,
    digit_meter smallint,
    tgl_baca timestamptz,
    petugas_baca text,
    kode_baca text,
    kelainan text,
    slalwbp numeric,
    sahlwbp numeric,
    slawbp numeric,
    sahwbp numeric,
    slakvarh numeric,
    sahkvarh numeric,
    lwbpcabut numeric,
    lwbppasang numeric,
    wbpcabut numeric,
    wbppasang numeric,
    fkmkwh_lama numeric,
    pemkwh numeric,
    pemkwh_lalu numeric,
    pemkwh_rata3 numeric,
    foto_url text,
    latitude numeric,
    longitude numeric,
    verif_pengawas_oleh text,
    verif_pengawas_pada timestamptz,
    verif_vendor_oleh text,
    verif_vendor_pada timestamptz,
    kirim_oleh text,
    kirim_pada timestamptz,
    diubah_pada timestamptz,
    PRIMARY KEY (idpel, thblrek)
)

-- name: kolom_pilihan
-- What a deployment may offer beside the contract.
ALTER TABLE acmt_dasar.bacaan
    ADD COLUMN IF NOT EXISTS tgl_baca_lalu timestamptz, ADD COLUMN IF NOT EXISTS cara_baca text,
    ADD COLUMN IF NOT EXISTS cara_baca_lalu text, ADD COLUMN IF NOT EXISTS daya_lama integer,
    ADD COLUMN IF NOT EXISTS tgl_mutasi timestamptz, ADD COLUMN IF NOT EXISTS mutasi_lwbp numeric,
    ADD COLUMN IF NOT EXISTS mutasi_wbp numeric, ADD COLUMN IF NOT EXISTS jam_abonemen numeric,
    ADD COLUMN IF NOT EXISTS kvarhcabut numeric, ADD COLUMN IF NOT EXISTS kvarhpasang numeric,
    ADD COLUMN IF NOT EXISTS fkmkvarh_lama numeric, ADD COLUMN IF NOT EXISTS rendah_wajar boolean

-- name: indeks_bacaan
-- One kelompok in the order of idpel: what the project reads, whatever else the month holds.
CREATE INDEX IF NOT EXISTS bacaan_kelompok_idx
ON acmt_dasar.bacaan (unitup, thblrek, hari_baca, idpel)

-- name: tabel_pengembalian
-- Who sent which reading back, and why.
CREATE TABLE IF NOT EXISTS acmt_dasar.pengembalian (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    idpel char(12) NOT NULL,
    thblrek char(6) NOT NULL,
    alasan text NOT NULL,
    oleh text NOT NULL,
    pada timestamptz NOT NULL DEFAULT clock_timestamp()
)

-- name: v_unit
CREATE OR REPLACE VIEW acmt.v_unit AS
SELECT unitup, nama, unitap, unitupi, zona_waktu
FROM acmt_dasar.unit

-- name: v_petugas
CREATE OR REPLACE VIEW acmt.v_petugas AS
SELECT username, nama, email, peran, unitup, aktif
FROM acmt_dasar.petugas

-- name: v_jadwal_hari_baca
CREATE OR REPLACE VIEW acmt.v_jadwal_hari_baca AS
SELECT unitup, thblrek, hari_baca, tgl_mulai, jumlah_hari
FROM acmt_dasar.jadwal_hari_baca

-- name: v_bacaan
CREATE OR REPLACE VIEW acmt.v_bacaan AS
SELECT
    idpel, unitup, thblrek, hari_baca, kddk, nama, tarif, daya,
    fkmkwh, fkmkvarh, digit_meter,
    tgl_baca, petugas_baca, kode_baca, kelainan,
    slalwbp, sahlwbp, slawbp, sahwbp, slakvarh, sahkvarh,
    lwbpcabut, lwbppasang, wbpcabut, wbppasang, fkmkwh_lama,
    pemkwh, pemkwh_lalu, pemkwh_rata3,
    foto_url, latitude, longitude,
    verif_pengawas_oleh, verif_pengawas_pada,
    verif_vendor_oleh, verif_vendor_pada,
    kirim_oleh, kirim_pada,
    diubah_pada,
    tgl_baca_lalu, cara_baca, cara_baca_lalu, daya_lama, tgl_mutasi, mutasi_lwbp, mutasi_wbp, jam_abonemen,
    kvarhcabut, kvarhpasang, fkmkvarh_lama, rendah_wajar
FROM acmt_dasar.bacaan

-- name: fungsi_kembalikan_verifikasi
-- The contract's one write. SECURITY DEFINER: callers hold EXECUTE on it and no right on the tables.
CREATE OR REPLACE FUNCTION acmt.kembalikan_verifikasi(p_idpel text, p_thblrek text, p_alasan text, p_oleh text)
RETURNS boolean
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE acmt_dasar.bacaan
    SET verif_pengawas_oleh = NULL,
        verif_pengawas_pada = NULL,
        verif_vendor_oleh = NULL,
        verif_vendor_pada = NULL,
        kirim_oleh = NULL,
        kirim_pada = NULL
    WHERE idpel = p_idpel::char(12) AND thblrek = p_thblrek::char(6);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO acmt_dasar.pengembalian (idpel, thblrek, alasan, oleh)
    VALUES (p_idpel, p_thblrek, p_alasan, p_oleh);
    RETURN true;
END
$$;
REVOKE ALL ON FUNCTION acmt.kembalikan_verifikasi(text, text, text, text) FROM PUBLIC

-- name: fungsi_beri_hak
-- Grants take identifiers, which cannot be bound; so the server quotes the role's name itself.
CREATE OR REPLACE FUNCTION acmt_dasar.beri_hak(p_peran text)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA acmt TO %I', p_peran);
    EXECUTE format(
        'GRANT SELECT ON acmt.v_unit, acmt.v_petugas, acmt.v_jadwal_hari_baca, acmt.v_bacaan TO %I', p_peran
    );
    EXECUTE format('GRANT EXECUTE ON FUNCTION acmt.kembalikan_verifikasi(text, text, text, text) TO %I', p_peran);
END
$$;
REVOKE ALL ON FUNCTION acmt_dasar.beri_hak(text) FROM PUBLIC

-- name: beri_hak
SELECT acmt_dasar.beri_hak(%(peran)s)

-- name: simpan_unit
INSERT INTO acmt_dasar.unit (unitup, nama, unitap, unitupi, zona_waktu)
VALUES (%(unitup)s, %(nama)s, %(unitap)s, %(unitupi)s, %(zona_waktu)s)
ON CONFLICT (unitup) DO UPDATE
SET nama = excluded.nama,
    unitap = excluded.unitap,
    unitupi = excluded.unitupi,
    zona_waktu = excluded.zona_waktu

-- name: simpan_petugas
INSERT INTO acmt_dasar.petugas (username, nama, email, peran, unitup, aktif)
VALUES (%(username)s, %(nama)s, %(email)s, %(peran)s, %(unitup)s, %(aktif)s)
ON CONFLICT (unitup, username, peran) DO UPDATE
SET nama = excluded.nama,
    email = excluded.email,
    aktif = excluded.aktif

-- name: simpan_jadwal
INSERT INTO acmt_dasar.jadwal_hari_baca (unitup, thblrek, hari_baca, tgl_mulai, jumlah_hari)
VALUES (%(unitup)s, %(thblrek)s, %(hari_baca)s, %(tgl_mulai)s, %(jumlah_hari)s)
ON CONFLICT (unitup, hari_baca, thblrek) DO UPDATE
SET tgl_mulai = excluded.tgl_mulai,
    jumlah_hari = excluded.jumlah_hari

-- name: hapus_kelompok
-- Filling a kelompok again replaces it.
DELETE FROM acmt_dasar.bacaan
WHERE unitup = %(unitup)s AND thblrek = %(thblrek)s AND hari_baca = %(hari_baca)s

-- name: salin_bacaan
COPY acmt_dasar.bacaan (
    idpel, unitup, thblrek, hari_baca, kddk, nama, tarif, daya,
    fkmkwh, fkmkvarh, digit_meter,
    tgl_baca, petugas_baca, kode_baca, kelainan,
    slalwbp, sahlwbp, slawbp, sahwbp, slakvarh, sahkvarh,
    lwbpcabut, lwbppasang, wbpcabut, wbppasang, fkmkwh_lama,
    pemkwh, pemkwh_lalu, pemkwh_rata3,
    foto_url, latitude, longitude,
    verif_pengawas_oleh, verif_pengawas_pada,
    verif_vendor_oleh, verif_vendor_pada,
    kirim_oleh, kirim_pada,
    diubah_pada,
    tgl_baca_lalu, cara_baca, cara_baca_lalu, daya_lama, tgl_mutasi, mutasi_lwbp, mutasi_wbp, jam_abonemen,
    kvarhcabut, kvarhpasang, fkmkvarh_lama, rendah_wajar
) FROM STDIN

-- name: analisis_bacaan
ANALYZE acmt_dasar.bacaan

-- name: terisi
-- Kelompok and months that hold readings. One index probe for each row of the calendar, not a scan.
SELECT j.unitup, j.hari_baca, j.thblrek
FROM acmt_dasar.jadwal_hari_baca AS j
WHERE EXISTS (
    SELECT 1
    FROM acmt_dasar.bacaan AS b
    WHERE b.unitup = j.unitup AND b.thblrek = j.thblrek AND b.hari_baca = j.hari_baca
)

-- name: pelanggan
-- The customers of one billing month, as the AP2T side knows them; in no order, so that it streams at once.
SELECT idpel, unitup, thblrek, hari_baca, daya
FROM acmt.v_bacaan
WHERE thblrek = %(thblrek)s
