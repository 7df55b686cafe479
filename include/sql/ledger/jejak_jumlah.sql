SELECT count(*) FROM pengesahan.jejak WHERE id <= :sampai
