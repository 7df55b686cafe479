-- How far the outbox has read (null: it was never at work), and where the trail ends now.
SELECT (SELECT k.jejak_id FROM pengesahan.pemberitahuan_kursor k) AS sampai, j.id AS ujung FROM pengesahan.jejak_kepala j
