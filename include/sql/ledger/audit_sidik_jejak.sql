-- The hashes of some entries.
SELECT id, encode(sidik, 'hex') AS sidik FROM pengesahan.jejak WHERE id = ANY (:nomor)
