-- Hold a session until this transaction ends, as strongly as any statement that may follow.
SELECT id FROM pengesahan.sesi WHERE id = :sesi_id FOR UPDATE
