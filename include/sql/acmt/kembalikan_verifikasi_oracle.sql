-- The same in Oracle, where a PL/SQL BOOLEAN cannot leave a SELECT.
BEGIN
    IF acmt.kembalikan_verifikasi(:idpel, :thblrek, :alasan, :oleh) THEN
        :hasil := 1;
    ELSE
        :hasil := 0;
    END IF;
END;
