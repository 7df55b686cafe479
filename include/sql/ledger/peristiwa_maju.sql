-- Forward only: two readers at once do no harm.
UPDATE pengesahan.peristiwa_kursor SET sampai = least(:sampai, now()) WHERE sampai < least(:sampai, now())
