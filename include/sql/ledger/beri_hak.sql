-- The application's rights: it adds, it moves a session or a batch on, it never rewrites. {peran} is the role's name.
GRANT USAGE ON SCHEMA pengesahan TO {peran};
GRANT SELECT ON ALL TABLES IN SCHEMA pengesahan TO {peran};
GRANT INSERT ON pengesahan.sesi, pengesahan.bacaan, pengesahan.saringan, pengesahan.gerbang,
    pengesahan.persetujuan, pengesahan.batch, pengesahan.hasil, pengesahan.luar_sistem, pengesahan.jejak,
    pengesahan.peristiwa_airflow TO {peran};
GRANT UPDATE (epoch, status, tahap, sidik, rekap, keterangan, diakhiri_pada) ON pengesahan.sesi TO {peran};
GRANT UPDATE (status, selesai_pada, keterangan) ON pengesahan.batch TO {peran};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA pengesahan TO {peran};
GRANT EXECUTE ON FUNCTION pengesahan.hapus_cuplikan(bigint), pengesahan.hapus_saringan(bigint),
    pengesahan.sidik_jejak(bigint, timestamptz, bigint, text, text, jsonb, bytea) TO {peran};
