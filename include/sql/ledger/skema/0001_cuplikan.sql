-- What a session works on, as it was read: readings and what the sieve says of them, or what a cancellation is asked to undo.

-- The snapshot: v_bacaan's columns as they were read. A value that is no number is null here and stands in cacat.
CREATE TABLE pengesahan.bacaan (
    sesi_id bigint NOT NULL REFERENCES pengesahan.sesi (id), idpel text COLLATE "C" NOT NULL, unitup text NOT NULL,
    thblrek text NOT NULL, hari_baca text NOT NULL, kddk text, nama text, tarif text, daya numeric, fkmkwh numeric,
    fkmkvarh numeric, digit_meter numeric, tgl_baca timestamptz, petugas_baca text, kode_baca text, kelainan text,
    slalwbp numeric, sahlwbp numeric, slawbp numeric, sahwbp numeric, slakvarh numeric, sahkvarh numeric,
    lwbpcabut numeric, lwbppasang numeric, wbpcabut numeric, wbppasang numeric, fkmkwh_lama numeric, pemkwh numeric,
    pemkwh_lalu numeric, pemkwh_rata3 numeric, foto_url text, latitude numeric, longitude numeric,
    verif_pengawas_oleh text, verif_pengawas_pada timestamptz, verif_vendor_oleh text, verif_vendor_pada timestamptz,
    kirim_oleh text, kirim_pada timestamptz, diubah_pada timestamptz, cacat jsonb,
    PRIMARY KEY (sesi_id, idpel)
);

-- What the sieve says of each row of the snapshot. The CHECKs repeat the rules that must never break.
CREATE TABLE pengesahan.saringan (
    sesi_id bigint NOT NULL REFERENCES pengesahan.sesi (id), idpel text COLLATE "C" NOT NULL, daya numeric, kwh numeric,
    jam_nyala numeric, hasil text NOT NULL CHECK (hasil IN ('LOLOS', 'DITAHAN')), alasan text[] NOT NULL,
    dlpd text[] NOT NULL,
    -- The last posted reading that this row contradicts: its month, its stan akhir, its factor.
    lalu_bulan text, lalu_lwbp numeric, lalu_wbp numeric, lalu_fkm numeric,
    PRIMARY KEY (sesi_id, idpel),
    CHECK ((hasil = 'LOLOS') = (cardinality(alasan) = 0)),
    -- SOP 12.1, rule 4: jam nyala over 2000 is never approved; exact, and null never passes.
    CONSTRAINT jam_nyala_2000 CHECK (hasil = 'DITAHAN' OR
        (daya IS NOT NULL AND daya > 0 AND kwh IS NOT NULL AND kwh >= 0 AND jam_nyala IS NOT NULL
         AND kwh * 1000 <= 2000 * daya)),
    -- A flag of the chain never stands without the reading before it, and that never without a flag.
    CONSTRAINT lalu_bersama_tanda CHECK (
        (lalu_bulan IS NOT NULL) = (dlpd && '{STAN_TIDAK_SAMBUNG,FAKTOR_BERUBAH}'::text[])
        AND (lalu_bulan IS NOT NULL OR num_nonnulls(lalu_lwbp, lalu_wbp, lalu_fkm) = 0))
);

-- What a cancellation was asked to do.
CREATE TABLE pengesahan.pembatalan (
    sesi_id bigint PRIMARY KEY REFERENCES pengesahan.sesi (id),
    cakupan text NOT NULL CHECK (cakupan IN ('daftar', 'semua')),
    alasan text NOT NULL CHECK (length(alasan) BETWEEN 10 AND 500 AND alasan = btrim(alasan)),
    diminta text[] NOT NULL,  -- the idpel named; none where all of the kelompok is meant
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

-- The snapshot of a cancellation: what AP2T held of each customer, the approval that would be undone, and whether it may be.
CREATE TABLE pengesahan.pembatalan_baris (
    sesi_id bigint NOT NULL REFERENCES pengesahan.pembatalan (sesi_id), idpel text COLLATE "C" NOT NULL,
    kodeposting smallint CHECK (kodeposting IN (0, 1, 3)),  -- null: not in AP2T's list of this kelompok
    no_pengesahan text,  -- as AP2T holds it
    asal bigint REFERENCES pengesahan.sesi (id),  -- our session of that number; null: posted by others
    kwh numeric,  -- as AP2T holds it
    oleh text, waktu text, hasil text NOT NULL CHECK (hasil IN ('BOLEH', 'TIDAK')), sebab text,
    PRIMARY KEY (sesi_id, idpel),
    CONSTRAINT pembatalan_sebab CHECK ((hasil = 'TIDAK') = (sebab IS NOT NULL)),
    -- only what stands at 1, under a number that AP2T can be told
    CONSTRAINT pembatalan_posting_1 CHECK (hasil = 'TIDAK' OR (kodeposting = 1 AND length(no_pengesahan) BETWEEN 1 AND 64) IS TRUE)
);
-- From an approval to what undid it.
CREATE INDEX pembatalan_asal ON pengesahan.pembatalan_baris (asal, idpel) WHERE asal IS NOT NULL;

-- From a cancelled row to the approval that it undoes: no row may leave the link out, or claim one that is not so.
CREATE FUNCTION pengesahan.jaga_asal() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1
                 FROM (SELECT DISTINCT sesi_id, asal, no_pengesahan FROM baru WHERE asal IS NOT NULL) b
                 JOIN pengesahan.sesi s ON s.id = b.sesi_id
                 JOIN pengesahan.sesi a ON a.id = b.asal
                WHERE (a.jenis, a.unitup, a.thblrek, a.hari_baca, a.nomor)
                      IS DISTINCT FROM ('PENGESAHAN', s.unitup, s.thblrek, s.hari_baca, b.no_pengesahan)) THEN
        RAISE EXCEPTION 'pengesahan yang dibatalkan bukan milik kelompok ini, atau nomornya lain' USING ERRCODE = 'AP001';
    END IF;
    -- who read, verified or sent a row is looked up through this link: left out, they could cancel it
    IF EXISTS (SELECT 1
                 FROM baru b JOIN pengesahan.sesi s ON s.id = b.sesi_id
                 LEFT JOIN pengesahan.sesi a ON a.nomor = b.no_pengesahan AND a.jenis = 'PENGESAHAN' AND a.unitup = s.unitup
                       AND a.thblrek = s.thblrek AND a.hari_baca = s.hari_baca
                 LEFT JOIN pengesahan.hasil h ON h.sesi_id = a.id AND h.idpel = b.idpel
                       AND h.status IN ('POSTING', 'SUDAH_POSTING')
                WHERE b.asal IS DISTINCT FROM h.sesi_id) THEN
        RAISE EXCEPTION 'baris pembatalan harus menunjuk pengesahan yang menurut buku mengesahkannya, dan hanya itu'
            USING ERRCODE = 'AP001';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER jaga_asal AFTER INSERT ON pengesahan.pembatalan_baris REFERENCING NEW TABLE AS baru
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.jaga_asal();

-- A session that the last ANALYZE has not seen would be taken for a single row, and joins for a nested loop over all
-- of it. Without statistics on this column every session is taken for a fair part of the table.
ALTER TABLE pengesahan.bacaan ALTER COLUMN sesi_id SET STATISTICS 0;
ALTER TABLE pengesahan.saringan ALTER COLUMN sesi_id SET STATISTICS 0;
ALTER TABLE pengesahan.pembatalan_baris ALTER COLUMN sesi_id SET STATISTICS 0;

-- The argument: what is said of rows that a gate has shown (fungsi.sql).
CREATE TRIGGER jaga_bacaan AFTER INSERT ON pengesahan.bacaan REFERENCING NEW TABLE AS baru
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.jaga_cuplikan('cuplikan sesi ini sudah dibekukan');
CREATE TRIGGER jaga_saringan AFTER INSERT ON pengesahan.saringan REFERENCING NEW TABLE AS baru
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.jaga_cuplikan('cuplikan sesi ini sudah dibekukan');
CREATE TRIGGER jaga_pembatalan_baris AFTER INSERT ON pengesahan.pembatalan_baris REFERENCING NEW TABLE AS baru
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.jaga_cuplikan('cuplikan sesi ini sudah dibekukan');
CREATE TRIGGER jaga_saringan_hapus AFTER DELETE ON pengesahan.saringan REFERENCING OLD TABLE AS baru FOR EACH STATEMENT
    EXECUTE FUNCTION pengesahan.jaga_cuplikan('saringan yang sudah ditunjukkan kepada pengesah tidak pernah keluar');

-- The application takes them back, to read anew, through these two functions alone.
CREATE FUNCTION pengesahan.hapus_cuplikan(p_sesi bigint) RETURNS bigint
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

CREATE FUNCTION pengesahan.hapus_saringan(p_sesi bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_jumlah bigint;
BEGIN
    PERFORM 1 FROM pengesahan.sesi
      WHERE id = p_sesi AND status = 'BERJALAN' AND tahap IN ('CUPLIKAN', 'TERSARING') FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'saringan sesi % sudah dibekukan', p_sesi USING ERRCODE = 'AP001';
    END IF;
    DELETE FROM pengesahan.saringan WHERE sesi_id = p_sesi;
    GET DIAGNOSTICS v_jumlah = ROW_COUNT;
    RETURN v_jumlah;
END $$;

-- Whoever deletes readings: only while no gate has shown them, or all of a session that is archived.
CREATE FUNCTION pengesahan.jaga_bacaan_hapus() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1
                 FROM (SELECT l.sesi_id, count(*) AS jumlah FROM lama l GROUP BY l.sesi_id) d
                 JOIN pengesahan.sesi s ON s.id = d.sesi_id
                 LEFT JOIN pengesahan.arsip a ON a.sesi_id = d.sesi_id
                WHERE (s.status <> 'BERJALAN' OR s.tahap NOT IN ('DIBUKA', 'CUPLIKAN', 'TERSARING'))
                  AND a.baris IS DISTINCT FROM d.jumlah) THEN
        RAISE EXCEPTION 'bacaan yang sudah ditunjukkan kepada pengesah hanya keluar lewat arsip' USING ERRCODE = 'AP001';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER jaga_bacaan_hapus AFTER DELETE ON pengesahan.bacaan REFERENCING OLD TABLE AS lama
    FOR EACH STATEMENT EXECUTE FUNCTION pengesahan.jaga_bacaan_hapus();
