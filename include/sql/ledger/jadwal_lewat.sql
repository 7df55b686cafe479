-- Late from now on, and told: the caller tells it where a row comes back.
UPDATE pengesahan.jadwal SET lewat_sejak = now()
 WHERE unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca AND lewat_sejak IS NULL AND dibuka_pada IS NULL
RETURNING unitup
