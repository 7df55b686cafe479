-- The last entry before an instant; looked for from the end, as periods mostly lie there.
SELECT coalesce((SELECT id FROM pengesahan.jejak WHERE pada < :saat ORDER BY id DESC LIMIT 1), 0)
