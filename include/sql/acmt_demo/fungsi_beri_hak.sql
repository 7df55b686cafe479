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
