-- The application's rights: it adds, it moves a session or a batch on, it never rewrites. When something was written and what
-- it begins as is left to the ledger: these columns it cannot fill in. {peran} is the role's name.
GRANT USAGE ON SCHEMA pengesahan TO {peran};
GRANT SELECT ON ALL TABLES IN SCHEMA pengesahan TO {peran};
REVOKE INSERT ON ALL TABLES IN SCHEMA pengesahan FROM {peran};
GRANT INSERT ON pengesahan.bacaan, pengesahan.saringan, pengesahan.jejak, pengesahan.garam TO {peran};
GRANT INSERT (nomor, waktu) ON pengesahan.peristiwa_airflow TO {peran};
GRANT INSERT (nomor, jenis, unitup, thblrek, hari_baca, putaran, dag_id, run_id, pola, pengesah, batas_jam_nyala,
    batas_jawab_jam, tutup_sesudah_jam, eskalasi, konfigurasi, versi_aturan, versi_kode, nama_unit, zona_waktu, pemicu,
    sampel, ketentuan, bentuk_sidik)
    ON pengesahan.sesi TO {peran};
GRANT INSERT (sesi_id, urutan, sidik, orang) ON pengesahan.gerbang TO {peran};
GRANT INSERT (sesi_id, urutan, keputusan, oleh, catatan, kembalikan, sidik, petugas, dijawab_pada, tiba)
    ON pengesahan.persetujuan TO {peran};
GRANT INSERT (sesi_id, urutan, sidik, epoch, oleh, pilihan, isian, dijawab_pada) ON pengesahan.jawaban_tiba TO {peran};
GRANT INSERT (kunci, sesi_id, epoch, oleh, idpel, sidik_isi) ON pengesahan.batch TO {peran};
GRANT INSERT (sesi_id, idpel, kunci, status, kode, pesan, kodeposting) ON pengesahan.hasil TO {peran};
GRANT INSERT (sesi_id, idpel, kejadian, tahap, kodeposting, no_pengesahan, oleh, waktu)
    ON pengesahan.luar_sistem TO {peran};
GRANT INSERT (sesi_id, cakupan, alasan, diminta) ON pengesahan.pembatalan TO {peran};
GRANT INSERT (sesi_id, idpel, kodeposting, no_pengesahan, asal, kwh, oleh, waktu, hasil, sebab)
    ON pengesahan.pembatalan_baris TO {peran};
GRANT INSERT (sesi_id, idpel, urutan, oleh, alasan) ON pengesahan.pengembalian TO {peran};
GRANT INSERT (unitup, thblrek, hari_baca, tgl_mulai, jumlah_hari, jatuh_tempo, tenggat) ON pengesahan.jadwal TO {peran};
GRANT INSERT (unitup, thblrek, kode, hari_baca, kalimat) ON pengesahan.jadwal_cacat TO {peran};
GRANT UPDATE (tgl_mulai, jumlah_hari, jatuh_tempo, tenggat, ditengok_pada, pelanggan, terisi, terverifikasi, terkirim,
    lewat_sejak, dag_id, run_id, sebab, dibuka_pada) ON pengesahan.jadwal TO {peran};
GRANT INSERT (peristiwa, jenis, jejak_id, sesi_id, urutan, unitup, kepada, saluran, alamat, status, keterangan, terjadi_pada,
    selesai_pada)
    ON pengesahan.pemberitahuan TO {peran};
GRANT INSERT (jejak_id) ON pengesahan.pemberitahuan_kursor TO {peran};
GRANT UPDATE (status, percobaan, berikut_pada, keterangan, selesai_pada) ON pengesahan.pemberitahuan TO {peran};
GRANT UPDATE (jejak_id) ON pengesahan.pemberitahuan_kursor TO {peran};
GRANT UPDATE (sampai) ON pengesahan.peristiwa_kursor TO {peran};
GRANT UPDATE (epoch, status, tahap, tgl_mulai, dicuplik_pada, sidik, rekap, keterangan, diakhiri_pada) ON pengesahan.sesi TO {peran};
GRANT UPDATE (status, selesai_pada, keterangan) ON pengesahan.batch TO {peran};
GRANT UPDATE (status, kali, stempel, cara, dikirim_pada, selesai_pada) ON pengesahan.pengembalian TO {peran};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA pengesahan TO {peran};
GRANT EXECUTE ON FUNCTION pengesahan.hapus_cuplikan(bigint),
    pengesahan.sidik_jejak(bigint, timestamptz, bigint, text, text, jsonb, bytea) TO {peran};
