DELETE FROM pelanggan WHERE hari_baca = :hari_baca
