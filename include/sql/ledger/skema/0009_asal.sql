-- From a cancelled row to the approval that it undoes: no row may leave the link out, or claim one that is not so. Runs as the
-- owner.
CREATE OR REPLACE FUNCTION pengesahan.jaga_asal() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
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
                 FROM baru b
                 JOIN pengesahan.sesi s ON s.id = b.sesi_id
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

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA pengesahan FROM PUBLIC;
