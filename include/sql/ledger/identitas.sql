SELECT kode::text FROM pengesahan.identitas
