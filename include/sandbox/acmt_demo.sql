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

-- name: tabel_pemakaian
-- What a customer used in the months before one that was filled, the latest month first; in thousandths. urut: that
-- month as months since the year 0. hari: midnight of its reading day. lintang, bujur: millionths of a degree.
CREATE TABLE IF NOT EXISTS acmt_dasar.pemakaian (
    idpel char(12) NOT NULL,
    urut integer NOT NULL,
    hari timestamptz NOT NULL,
    daya integer NOT NULL,
    lintang bigint NOT NULL,
    bujur bigint NOT NULL,
    lwbp bigint [] NOT NULL,
    wbp bigint [],
    kwh bigint [] NOT NULL,
    PRIMARY KEY (idpel, urut)
)

-- name: tabel_riwayat
-- Earlier months written out: those of the named cases. sebelum: the month that was filled with them.
CREATE TABLE IF NOT EXISTS acmt_dasar.riwayat (
    idpel char(12) NOT NULL,
    thblrek char(6) NOT NULL,
    sahlwbp numeric,
    sahwbp numeric,
    kwh numeric,
    jam_nyala numeric,
    tgl_baca timestamptz,
    cara_baca text,
    kode_baca text,
    kelainan text,
    petugas_baca text,
    foto_url text,
    latitude numeric,
    longitude numeric,
    sebelum char(6),
    PRIMARY KEY (idpel, thblrek)
)

-- name: tabel_foto
-- Where the photo server is, if there is one: what a photo's address begins with that is stored as a path.
CREATE TABLE IF NOT EXISTS acmt_dasar.foto (
    satu boolean PRIMARY KEY DEFAULT true CHECK (satu),
    asal text NOT NULL
)

-- name: pakai_foto
INSERT INTO acmt_dasar.foto (asal)
VALUES (%(asal)s)
ON CONFLICT (satu) DO UPDATE SET asal = excluded.asal

-- name: asal_foto
SELECT asal FROM acmt_dasar.foto

-- name: tabel_harga
CREATE TABLE IF NOT EXISTS acmt_dasar.harga (
    tarif text NOT NULL,
    daya_dari integer NOT NULL,
    daya_sampai integer NOT NULL,
    harga_lwbp numeric NOT NULL,
    harga_wbp numeric NOT NULL,
    jam_minimum numeric,
    berlaku_dari date NOT NULL,
    PRIMARY KEY (tarif, daya_dari, berlaku_dari)
)

-- name: isi_harga
-- Steps as PLN publishes them, in two periods. WBP costs 1.5 times LWBP where there are two registers.
INSERT INTO acmt_dasar.harga (tarif, daya_dari, daya_sampai, harga_lwbp, harga_wbp, jam_minimum, berlaku_dari)
VALUES
('R1', 450, 450, 415, 415, 40, '2020-10-01'),
('R1', 451, 900, 605, 605, 40, '2020-10-01'),
('R1M', 900, 900, 1352, 1352, 40, '2020-10-01'),
('R1', 901, 2200, 1444.70, 1444.70, 40, '2020-10-01'),
('R2', 3500, 5500, 1444.70, 1444.70, 40, '2020-10-01'),
('R2', 3500, 5500, 1699.53, 1699.53, 40, '2022-07-01'),
('R3', 6600, 999999999, 1444.70, 1444.70, 40, '2020-10-01'),
('R3', 6600, 999999999, 1699.53, 1699.53, 40, '2022-07-01'),
('B1', 450, 900, 535, 535, 40, '2020-10-01'),
('B1', 901, 1300, 966, 966, 40, '2020-10-01'),
('B1', 1301, 5500, 1100, 1100, 40, '2020-10-01'),
('B2', 6600, 200000, 1444.70, 1444.70, 40, '2020-10-01'),
('B3', 200001, 999999999, 1035.78, 1553.67, 40, '2020-10-01'),
('I1', 450, 2200, 960, 960, 40, '2020-10-01'),
('I1', 2201, 14000, 1112, 1112, 40, '2020-10-01'),
('I2', 14001, 200000, 972, 1458, 40, '2020-10-01'),
('I3', 200001, 29999999, 1035.78, 1553.67, 40, '2020-10-01'),
('S2', 450, 900, 455, 455, 40, '2020-10-01'),
('S2', 901, 1300, 708, 708, 40, '2020-10-01'),
('S2', 1301, 2200, 760, 760, 40, '2020-10-01'),
('S2', 2201, 200000, 900, 900, 40, '2020-10-01'),
('P1', 6600, 200000, 1444.70, 1444.70, 40, '2020-10-01'),
('P1', 6600, 200000, 1699.53, 1699.53, 40, '2022-07-01'),
('P3', 450, 999999999, 1444.70, 1444.70, 40, '2020-10-01'),
('P3', 450, 999999999, 1699.53, 1699.53, 40, '2022-07-01')
ON CONFLICT (tarif, daya_dari, berlaku_dari) DO NOTHING

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
    CASE
        WHEN foto_url LIKE '/%' THEN (SELECT asal FROM acmt_dasar.foto WHERE satu) || foto_url ELSE foto_url
    END AS foto_url,
    latitude, longitude,
    verif_pengawas_oleh, verif_pengawas_pada,
    verif_vendor_oleh, verif_vendor_pada,
    kirim_oleh, kirim_pada,
    diubah_pada,
    tgl_baca_lalu, cara_baca, cara_baca_lalu, daya_lama, tgl_mutasi, mutasi_lwbp, mutasi_wbp, jam_abonemen,
    kvarhcabut, kvarhpasang, fkmkvarh_lama, rendah_wajar
FROM acmt_dasar.bacaan

-- name: v_riwayat
-- A month that was filled shows the months before it as far back as the one filled before. So a month stands once,
-- whatever was filled first. Reader, minute, place and photo of a month: as class _Letak of acmt_demo.py has
-- them. All of Indonesia is seven to nine hours ahead of UTC: twelve hours after its midnight it is that day in UTC.
CREATE OR REPLACE VIEW acmt.v_riwayat AS
SELECT
    idpel, thblrek, sahlwbp, sahwbp, kwh, jam_nyala, tgl_baca, cara_baca, kode_baca, kelainan, petugas_baca,
    CASE
        WHEN foto_url LIKE '/%' THEN (SELECT asal FROM acmt_dasar.foto WHERE satu) || foto_url ELSE foto_url
    END AS foto_url,
    latitude, longitude
FROM acmt_dasar.riwayat
UNION ALL
SELECT
    p.idpel,
    b.thblrek,
    p.lwbp[p.urut - u.urut] * 0.001 AS sahlwbp,
    p.wbp[p.urut - u.urut] * 0.001 AS sahwbp,
    p.kwh[p.urut - u.urut] * 0.001 AS kwh,
    round(p.kwh[p.urut - u.urut]::numeric / p.daya, 3) AS jam_nyala,
    p.hari - make_interval(hours => 24 * b.mundur, mins => -(420 + (c.nomor * 37 + u.urut * 101) % 480)) AS tgl_baca,
    'BACA' AS cara_baca,
    '00' AS kode_baca,
    NULL AS kelainan,
    'baca' || left(p.idpel, 5) || CASE (c.nomor + u.urut) % 2 WHEN 0 THEN 'a' ELSE 'b' END AS petugas_baca,
    CASE
        WHEN (SELECT asal FROM acmt_dasar.foto WHERE satu) IS NULL THEN
            'https://foto.acmt.example/' || b.thblrek || '/' || p.idpel || '.jpg'
        ELSE
            (SELECT asal FROM acmt_dasar.foto WHERE satu) || '/foto/' || b.thblrek || '/' || p.idpel
            || '.svg?lwbp=' || trim_scale(p.lwbp[p.urut - u.urut] * 0.001)
            || coalesce('&wbp=' || trim_scale(p.wbp[p.urut - u.urut] * 0.001), '')
            || '&tgl='
            || to_char((p.hari + interval '12 hours') AT TIME ZONE 'UTC' - b.mundur * interval '1 day', 'YYYY-MM-DD')
            || CASE (c.nomor * 7 + u.urut * 3) % 100
                WHEN 0 THEN '&cacat=buram'
                WHEN 1 THEN '&cacat=buram'
                WHEN 2 THEN '&cacat=gelap'
                WHEN 3 THEN '&cacat=hilang'
                WHEN 4 THEN '&cacat=angka-lain'
                ELSE ''
            END
    END AS foto_url,
    (p.lintang + ((c.nomor + u.urut * 5) % 9 - 4) * 10) * 0.000001 AS latitude,
    (p.bujur + ((c.nomor * 2 + u.urut * 7) % 9 - 4) * 10) * 0.000001 AS longitude
FROM acmt_dasar.pemakaian AS p
CROSS JOIN LATERAL (SELECT substr(p.idpel, 6)::integer AS nomor) AS c
CROSS JOIN LATERAL (
    SELECT coalesce(max(q.urut), 0) AS urut FROM acmt_dasar.pemakaian AS q WHERE q.idpel = p.idpel AND q.urut < p.urut
) AS s
CROSS JOIN LATERAL generate_series(greatest(p.urut - cardinality(p.kwh), s.urut), p.urut - 1) AS u (urut)
CROSS JOIN LATERAL (
    SELECT
        (u.urut / 12 * 100 + u.urut % 12 + 1)::char(6) AS thblrek,
        make_date(p.urut / 12, p.urut % 12 + 1, 1) - make_date(u.urut / 12, u.urut % 12 + 1, 1) AS mundur
) AS b

-- name: v_harga
CREATE OR REPLACE VIEW acmt.v_harga AS
SELECT tarif, daya_dari, daya_sampai, harga_lwbp, harga_wbp, jam_minimum, berlaku_dari
FROM acmt_dasar.harga

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
        'GRANT SELECT ON acmt.v_unit, acmt.v_petugas, acmt.v_jadwal_hari_baca, acmt.v_bacaan, acmt.v_riwayat, '
        'acmt.v_harga TO %I', p_peran
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

-- name: hapus_pemakaian
DELETE FROM acmt_dasar.pemakaian AS p
USING acmt_dasar.bacaan AS b
WHERE b.unitup = %(unitup)s AND b.thblrek = %(thblrek)s AND b.hari_baca = %(hari_baca)s
    AND p.idpel = b.idpel AND p.urut = %(urut)s

-- name: hapus_riwayat
DELETE FROM acmt_dasar.riwayat AS r
USING acmt_dasar.bacaan AS b
WHERE b.unitup = %(unitup)s AND b.thblrek = %(thblrek)s AND b.hari_baca = %(hari_baca)s
    AND r.idpel = b.idpel AND r.sebelum = %(thblrek)s

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

-- name: salin_pemakaian
COPY acmt_dasar.pemakaian (idpel, urut, hari, daya, lintang, bujur, lwbp, wbp, kwh) FROM STDIN

-- name: simpan_riwayat
-- Of a month that two filled months show, the one filled for the earlier of them stays: its own last month must fit.
INSERT INTO acmt_dasar.riwayat AS r (
    idpel, thblrek, sahlwbp, sahwbp, kwh, jam_nyala, tgl_baca, cara_baca, kode_baca, kelainan, petugas_baca, foto_url,
    latitude, longitude, sebelum
)
SELECT
    b.idpel, b.thblrek, b.sahlwbp, b.sahwbp, b.kwh, b.jam_nyala, b.tgl_baca, b.cara_baca, b.kode_baca, b.kelainan,
    b.petugas_baca, b.foto_url, b.latitude, b.longitude, %(sebelum)s
FROM jsonb_populate_recordset(NULL::acmt_dasar.riwayat, %(bulan)s::jsonb) AS b
ON CONFLICT (idpel, thblrek) DO UPDATE
SET sahlwbp = excluded.sahlwbp,
    sahwbp = excluded.sahwbp,
    kwh = excluded.kwh,
    jam_nyala = excluded.jam_nyala,
    tgl_baca = excluded.tgl_baca,
    cara_baca = excluded.cara_baca,
    kode_baca = excluded.kode_baca,
    kelainan = excluded.kelainan,
    petugas_baca = excluded.petugas_baca,
    foto_url = excluded.foto_url,
    latitude = excluded.latitude,
    longitude = excluded.longitude,
    sebelum = excluded.sebelum
WHERE excluded.sebelum <= r.sebelum

-- name: analisis_bacaan
ANALYZE acmt_dasar.bacaan, acmt_dasar.pemakaian, acmt_dasar.riwayat

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
