// Words for the codes that come from the ledger and from Airflow.

export const DLPD = {
  JAM_NYALA_TINGGI: "Jam nyala 720 ke atas",
  JAM_NYALA_RENDAH: "Jam nyala di bawah 40",
  KWH_NOL: "kWh nol",
  ROLLOVER: "Register berputar",
  GANTI_METER: "Ganti meter",
  STAN_TIDAK_SAMBUNG: "Stan lalu tidak sambung",
  FAKTOR_BERUBAH: "Faktor kali berubah",
  NAIK_50: "Naik 50 % atau lebih",
  TURUN_50: "Turun 50 % atau lebih",
  DI_ATAS_RATA3: "Di atas 1,5 × rata-rata 3 bulan",
  TANPA_FOTO: "Tanpa foto",
};

export const ALASAN = {
  BELUM_DIBACA: "Belum dibaca",
  STAN_TIDAK_VALID: "Stan tidak valid",
  STAN_MUNDUR: "Stan mundur",
  KVARH_TIDAK_VALID: "kVArh tidak valid",
  TGL_BACA_TIDAK_WAJAR: "Tanggal baca tidak wajar",
  DAYA_TIDAK_VALID: "Daya kosong atau nol",
  FAKTOR_TIDAK_VALID: "Faktor kali kosong atau nol",
  DATA_TIDAK_VALID: "Data tidak sesuai kontrak",
  GANDA: "Lebih dari sekali di ACMT",
  SELISIH_KWH: "kWh ACMT berbeda dari hitungan",
  JAM_NYALA: "Jam nyala di atas batas",
  BERUBAH_DI_ACMT: "Berubah di ACMT",
  TIDAK_ADA_LAGI: "Tidak ada lagi di ACMT",
  STEMPEL_TIDAK_SAH: "Verifikasinya gugur",
  BELUM_SIAP: "Belum siap saat cuplikan diambil",
  DILUAR_SISTEM: "Oleh pihak lain di AP2T",
  SUDAH_SUPLAI_STAN: "Sudah naik ke fungsi 3 (suplai stan)",
  BELUM_POSTING: "Belum disahkan",
  KELOMPOK_LAIN: "Pelanggan kelompok lain",
  IDPEL_TIDAK_DIKENAL: "Tidak ada dalam daftar AP2T kelompok ini",
  TANPA_NOMOR: "Disahkan pihak lain tanpa nomor",
  STAN_BERBEDA: "Sudah disahkan dengan stan lain",
};

/** The word for a DLPD flag or a reason. */
export function kata(kode) {
  return DLPD[kode] ?? ALASAN[kode] ?? kode;
}

export const HASIL = {
  POSTING: ["Sudah disahkan", "baik"],
  COCOK: ["Sudah disahkan", "baik"],
  BATAL: ["Dibatalkan", "baik"],
  DITOLAK: ["Ditolak AP2T", "buruk"],
  BERUBAH: ["Berubah di ACMT", "awas"],
};

export const STATUS_SESI = {
  BERJALAN: ["Berjalan", "jalan"],
  TERHENTI: ["Terhenti", "buruk"],
  SELESAI: ["Selesai", "baik"],
  DITOLAK: ["Ditolak pengesah", "awas"],
  NIHIL: ["Nihil", "netral"],
  DIAMBIL_ALIH: ["Diambil alih", "netral"],
  KEDALUWARSA: ["Kedaluwarsa", "awas"],
};

export const JENIS = { PENGESAHAN: "Pengesahan", PEMBATALAN: "Pembatalan" };

export const NADA_STATUS = {
  BELUM_DIBACA: "netral",
  TERBACA: "netral",
  TERVERIFIKASI_PENGAWAS: "netral",
  TERVERIFIKASI: "netral",
  TERKIRIM: "jalan",
  TERTAHAN: "awas",
  DIKEMBALIKAN: "awas",
  MENUNGGU_PERSETUJUAN: "tunggu",
  DALAM_POSTING: "jalan",
  SUDAH_DISAHKAN: "baik",
  DITOLAK_AP2T: "buruk",
  DIBATALKAN: "awas",
  SUPLAI_STAN: "baik",
};

export const LABEL_STATUS = {
  BELUM_DIBACA: "Belum dibaca",
  TERBACA: "Terbaca",
  TERVERIFIKASI_PENGAWAS: "Terverifikasi Pengawas",
  TERVERIFIKASI: "Terverifikasi",
  TERKIRIM: "Terkirim, belum disahkan",
  TERTAHAN: "Tertahan",
  DIKEMBALIKAN: "Dikembalikan",
  MENUNGGU_PERSETUJUAN: "Menunggu persetujuan",
  DALAM_POSTING: "Dalam posting",
  SUDAH_DISAHKAN: "Sudah disahkan",
  DITOLAK_AP2T: "Ditolak AP2T",
  DIBATALKAN: "Dibatalkan",
  SUPLAI_STAN: "Suplai stan",
};

export const TERBUKA = new Set(["BERJALAN", "TERHENTI"]);

/** Tell whether a session is open. */
export function terbuka(sesi) {
  return Boolean(sesi) && TERBUKA.has(sesi.status);
}

/** The steps of a run as a person says them: [task, words, phase]. */
export const LANGKAH = {
  PENGESAHAN: [
    ["buka_sesi", "Sesi dibuka", 0],
    ["kesiapan.stan_terisi", "Semua stan terisi", 0],
    ["kesiapan.terverifikasi", "Semua terverifikasi", 0],
    ["kesiapan.terkirim", "Semua terkirim ke AP2T", 0],
    ["kesiapan.fungsi2_terbuka", "Fungsi 2 AP2T terbuka", 0],
    ["ambil_bacaan", "Bacaan dipotret", 1],
    ["saring_jam_nyala", "Jam nyala disaring", 1],
    ["rekap", "Rekap disusun", 1],
    ["persetujuan", "Persetujuan", 2],
    ["persetujuan_kedua", "Persetujuan kedua", 2],
    ["posting_ap2t", "Diposting ke AP2T", 3],
    ["rekonsiliasi", "Dicocokkan dengan AP2T", 3],
    ["tutup_sesi", "Sesi ditutup", 4],
  ],
  PEMBATALAN: [
    ["buka_pembatalan", "Daftar AP2T diperiksa", 1],
    ["persetujuan", "Persetujuan", 2],
    ["batalkan_ap2t", "Dibatalkan di AP2T", 3],
    ["rekonsiliasi", "Dicocokkan dengan AP2T", 3],
    ["tutup_pembatalan", "Sesi ditutup", 4],
  ],
};

export const FASE = {
  PENGESAHAN: ["Kesiapan", "Rekap", "Persetujuan", "Posting", "Selesai"],
  PEMBATALAN: [null, "Pratinjau", "Persetujuan", "Pembatalan", "Selesai"],
};

const KEADAAN = {
  success: ["selesai", "baik"],
  running: ["sedang dikerjakan", "jalan"],
  awaiting_input: ["menunggu jawaban", "tunggu"],
  deferred: ["menunggu siap", "tunggu"],
  up_for_reschedule: ["menunggu siap", "tunggu"],
  up_for_retry: ["dicoba lagi sebentar lagi", "awas"],
  queued: ["antre", "jalan"],
  scheduled: ["antre", "jalan"],
  restarting: ["diulang", "jalan"],
  failed: ["gagal", "buruk"],
  upstream_failed: ["tidak dikerjakan", "netral"],
  skipped: ["tidak perlu", "netral"],
  removed: ["tidak ada lagi", "netral"],
};

/** A task's state in words, and its tone. */
export function keadaan(state) {
  return KEADAAN[state] ?? ["belum", "netral"];
}
