-- Sends one reading back to the vendor (SOP 12.1, purpose 4): the project's only write to the source.
SELECT acmt.kembalikan_verifikasi(:idpel, :thblrek, :alasan, :oleh) AS hasil
