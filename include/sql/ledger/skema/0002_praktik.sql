-- What the rules of practice need: what a session lays down for them, what ACMT offers beside the contract, and a whole kWh
-- that is sent in place of the exact one. Sessions of before have none of it.
ALTER TABLE pengesahan.sesi ADD COLUMN ketentuan jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(ketentuan) = 'object'),
    -- what is unknown would be read by nobody, and a session of before binds none of it
    ADD CONSTRAINT ketentuan_dikenal CHECK (
        ketentuan - '{stan_tidak_sambung,faktor_berubah,periode_panjang,periode_pendek,baca_sebelum,lokasi_jauh,
                      pembulatan_kwh,pilihan,riwayat}'::text[] = '{}' AND (versi_aturan NOT IN ('1', '2') OR ketentuan = '{}'));
ALTER TABLE pengesahan.bacaan ADD COLUMN pilihan jsonb CHECK (jsonb_typeof(pilihan) = 'object');
ALTER TABLE pengesahan.saringan ADD COLUMN kwh_kirim numeric,
    ADD CONSTRAINT kwh_kirim_bulat CHECK (kwh_kirim IS NULL OR (kwh_kirim >= 0 AND kwh_kirim = trunc(kwh_kirim)
                                                                 AND kwh_kirim <> kwh AND abs(kwh_kirim - kwh) < 1) IS TRUE);

-- The kWh of those at posting 1 or 3 is what was sent.
CREATE OR REPLACE VIEW pengesahan.hitungan_baris AS
SELECT g.unitup, g.thblrek, g.hari_baca, g.idpel, g.sesi_id, g.pada, g.urut,
       (g.kodeposting = 1)::integer - coalesce((g.kodeposting_lama = 1)::integer, 0) AS sudah,
       (g.kodeposting = 3)::integer - coalesce((g.kodeposting_lama = 3)::integer, 0) AS suplai,
       (g.kodeposting = 0)::integer - coalesce((g.kodeposting_lama = 0)::integer, 0) AS batal,
       (g.kodeposting > 0 AND g.kwh_sesi IS NULL)::integer
           - coalesce((g.kodeposting_lama > 0 AND g.kwh_sesi_lama IS NULL)::integer, 0) AS luar,
       coalesce(b.kwh_kirim, b.kwh, 0) - coalesce(l.kwh_kirim, l.kwh, 0) AS kwh
  FROM pengesahan.gerak_posisi g LEFT JOIN pengesahan.saringan b ON b.sesi_id = g.kwh_sesi AND b.idpel = g.idpel
  LEFT JOIN pengesahan.saringan l ON l.sesi_id = g.kwh_sesi_lama AND l.idpel = g.idpel;

-- A session may not hold less than the configuration in force for its unit asks, and keeps what it was opened with.
CREATE FUNCTION pengesahan.jaga_ketentuan() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_pola jsonb;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'ketentuan sesi % tidak boleh diubah', OLD.nomor USING ERRCODE = 'AP001';
    END IF;
    SELECT coalesce(k.isi -> 'unit' -> NEW.unitup, k.isi -> 'bawaan') INTO v_pola
      FROM pengesahan.konfigurasi k ORDER BY k.versi DESC LIMIT 1;
    IF NEW.jenis = 'PENGESAHAN'
       AND (v_pola ->> 'stan_tidak_sambung' = 'tahan' AND NEW.ketentuan ->> 'stan_tidak_sambung' IS DISTINCT FROM 'tahan'
            OR v_pola ->> 'faktor_berubah' = 'tahan' AND NEW.ketentuan ->> 'faktor_berubah' IS DISTINCT FROM 'tahan'
            OR coalesce((NEW.ketentuan ->> 'baca_sebelum')::integer, 7) > coalesce((v_pola ->> 'baca_sebelum')::integer, 7)) THEN
        RAISE EXCEPTION 'ketentuan sesi % lebih longgar daripada konfigurasi unit %', NEW.nomor, NEW.unitup
            USING ERRCODE = 'AP001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER jaga_ketentuan BEFORE INSERT ON pengesahan.sesi
    FOR EACH ROW EXECUTE FUNCTION pengesahan.jaga_ketentuan();
CREATE TRIGGER jaga_ketentuan_tetap BEFORE UPDATE ON pengesahan.sesi FOR EACH ROW
    WHEN (NEW.ketentuan IS DISTINCT FROM OLD.ketentuan) EXECUTE FUNCTION pengesahan.jaga_ketentuan();
REVOKE EXECUTE ON FUNCTION pengesahan.jaga_ketentuan() FROM PUBLIC;
