-- Kelompok from a month on that have had a session of approval, whoever began it.
SELECT DISTINCT unitup, thblrek, hari_baca FROM pengesahan.sesi WHERE jenis = 'PENGESAHAN' AND thblrek >= :thblrek
