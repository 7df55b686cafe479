SELECT id, encode(sidik, 'hex') FROM pengesahan.jejak_kepala
