SELECT * FROM pengesahan.sesi
 WHERE unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca AND status IN ('BERJALAN', 'TERHENTI')
