-- What is approved never waits at its gate again: there a deadline could end it. A copy of the gate's step may come late.
CREATE FUNCTION pengesahan.jaga_tahap() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'sesi % sudah disetujui dan tidak menunggu persetujuan lagi', OLD.nomor USING ERRCODE = 'AP001';
END $$;
CREATE TRIGGER jaga_tahap BEFORE UPDATE ON pengesahan.sesi FOR EACH ROW
    WHEN (NEW.tahap = 'MENUNGGU_PERSETUJUAN' AND OLD.tahap IN ('DISETUJUI', 'MEMPOSTING', 'TERPOSTING', 'COCOK'))
    EXECUTE FUNCTION pengesahan.jaga_tahap();
REVOKE EXECUTE ON FUNCTION pengesahan.jaga_tahap() FROM PUBLIC;
