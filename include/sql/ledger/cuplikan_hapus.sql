SELECT pengesahan.hapus_cuplikan(:sesi_id)
