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
