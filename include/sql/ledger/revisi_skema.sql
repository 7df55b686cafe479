SELECT version_num FROM pengesahan.versi_skema ORDER BY version_num
