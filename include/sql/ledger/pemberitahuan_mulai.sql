-- The outbox begins at the trail's end: what happened before it was at work is nobody's news.
INSERT INTO pengesahan.pemberitahuan_kursor (jejak_id) VALUES (:ujung) ON CONFLICT DO NOTHING
