-- The newest pengesahan of a kelompok that has a snapshot.
SELECT * FROM pengesahan.sesi
 WHERE jenis = 'PENGESAHAN' AND unitup = :unitup AND hari_baca = :hari_baca AND tahap <> 'DIBUKA'
   AND (CAST(:thblrek AS text) IS NULL OR thblrek = :thblrek)
 ORDER BY thblrek DESC, id DESC LIMIT 1
