-- One configuration is applied after the other.
LOCK TABLE pengesahan.konfigurasi IN SHARE ROW EXCLUSIVE MODE
