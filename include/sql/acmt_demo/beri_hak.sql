SELECT acmt_dasar.beri_hak(%(peran)s)
