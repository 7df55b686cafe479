SELECT pengesahan.hapus_saringan(:sesi_id)
