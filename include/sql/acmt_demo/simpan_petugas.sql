INSERT INTO acmt_dasar.petugas (username, nama, email, peran, unitup, aktif)
VALUES (%(username)s, %(nama)s, %(email)s, %(peran)s, %(unitup)s, %(aktif)s)
ON CONFLICT (unitup, username, peran) DO UPDATE
SET nama = excluded.nama,
    email = excluded.email,
    aktif = excluded.aktif
