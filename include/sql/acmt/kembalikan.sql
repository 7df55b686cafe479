-- The one write to ACMT, and the look before and after it.

-- name: transaksi_tulis
-- PostgreSQL sessions read only by default (koneksi.py); this transaction writes. Must be its first statement.
SET TRANSACTION READ WRITE

-- name: batas_tulis
-- PostgreSQL only: the one write, and the look before and after it, ends within this time, in milliseconds, done or not.
SET LOCAL statement_timeout = 20000

-- name: stempel
-- The stamps of one reading, by the contract's key; columns as in baca_kesiapan.
SELECT
    idpel, unitup, thblrek, hari_baca, tgl_baca, sahlwbp, verif_pengawas_oleh, verif_pengawas_pada, verif_vendor_oleh,
    verif_vendor_pada, kirim_oleh, kirim_pada, diubah_pada
FROM acmt.v_bacaan WHERE idpel BETWEEN :idpel AND :idpel_atas AND TRIM(idpel) = :idpel AND TRIM(thblrek) = :thblrek

-- name: kembalikan_verifikasi_postgresql
-- Sends one reading back to the vendor (SOP 12.1, purpose 4): the project's only write to the source.
SELECT acmt.kembalikan_verifikasi(:idpel, :thblrek, :alasan, :oleh) AS hasil

-- name: kembalikan_verifikasi_oracle
-- The same in Oracle, where a PL/SQL BOOLEAN cannot leave a SELECT.
BEGIN
    IF acmt.kembalikan_verifikasi(:idpel, :thblrek, :alasan, :oleh) THEN
        :hasil := 1;
    ELSE
        :hasil := 0;
    END IF;
END;
