SELECT urutan, sidik, orang, dibuka_pada FROM pengesahan.gerbang WHERE sesi_id = :sesi_id ORDER BY urutan
