-- The run is surely there; the caller tells it where a row comes back.
UPDATE pengesahan.jadwal SET dibuka_pada = now()
 WHERE unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca AND run_id = :run_id AND dibuka_pada IS NULL
RETURNING jatuh_tempo, sebab
