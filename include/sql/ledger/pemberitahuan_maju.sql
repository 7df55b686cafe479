-- Moves on only from where the reader found it: another one that was quicker has written the same rows.
UPDATE pengesahan.pemberitahuan_kursor SET jejak_id = :sampai WHERE jejak_id = :dari
