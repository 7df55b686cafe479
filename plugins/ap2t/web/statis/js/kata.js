// Words and tones for codes. The server has the words of the ledger's codes; Airflow's task states are named here.

import { ambil } from "./api.js";

const kamus = {};

/** Fetch the words, once; under the address that the page names the browser keeps them. */
export async function muatKata(sinyal) {
  if (!kamus.status) Object.assign(kamus, await ambil(document.querySelector('meta[name="alamat-kata"]').content, { sinyal }));
}

/** Every code of a kind with its word, in the server's order. */
export function semuaKata(jenis) {
  return Object.entries(kamus[jenis]);
}

/** The word for a DLPD flag or a reason; a code that has none stands for itself. */
export function kata(kode) {
  return kamus.dlpd[kode] ?? kamus.alasan[kode] ?? kode;
}

const NADA = {
  status: {
    TERKIRIM: "jalan",
    TERTAHAN: "awas",
    DIKEMBALIKAN: "awas",
    MENUNGGU_PERSETUJUAN: "tunggu",
    DALAM_POSTING: "jalan",
    SUDAH_DISAHKAN: "baik",
    DITOLAK_AP2T: "buruk",
    DIBATALKAN: "awas",
    SUPLAI_STAN: "baik",
  },
  tindak_lanjut: {
    MENUNGGU_VENDOR: "awas",
    DIVERIFIKASI_ULANG: "tunggu",
    DIKIRIM: "jalan",
    TERTAHAN: "awas",
    DISAHKAN: "baik",
    DITOLAK: "buruk",
    DIBATALKAN: "awas",
  },
  status_sesi: { BERJALAN: "jalan", TERHENTI: "buruk", SELESAI: "baik", DITOLAK: "awas", KEDALUWARSA: "awas" },
  hasil: { POSTING: "baik", SUDAH_POSTING: "baik", BATAL: "baik", DITOLAK: "buruk", BERUBAH: "awas" },
};

/** What a code of a kind (status, tindak_lanjut, status_sesi, hasil, riwayat, jenis_sesi) is called, and its tone. */
export function sebut(jenis, kode) {
  return { kata: kamus[jenis][kode] ?? kode, nada: NADA[jenis]?.[kode] ?? "netral" };
}

const TERBUKA = new Set(["BERJALAN", "TERHENTI"]);

/** Whether a session is open. */
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

/** The phases of a run by number. */
export const FASE = {
  PENGESAHAN: { 0: "Kesiapan", 1: "Rekap", 2: "Persetujuan", 3: "Posting", 4: "Selesai" },
  PEMBATALAN: { 1: "Pratinjau", 2: "Persetujuan", 3: "Pembatalan", 4: "Selesai" },
};

/** A task's state in words, and its tone. */
export const KEADAAN = {
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
