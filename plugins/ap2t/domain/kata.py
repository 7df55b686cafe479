"""The word for every code, as operators read it on the page."""

from __future__ import annotations

from collections.abc import Mapping

from ap2t.domain.status import LABEL

ALASAN = {
    "BELUM_DIBACA": "Belum dibaca",
    "STAN_TIDAK_VALID": "Stan tidak valid",
    "STAN_MUNDUR": "Stan mundur",
    "KVARH_TIDAK_VALID": "kVArh tidak valid",
    "TGL_BACA_TIDAK_WAJAR": "Tanggal baca tidak wajar",
    "DAYA_TIDAK_VALID": "Daya kosong atau nol",
    "FAKTOR_TIDAK_VALID": "Faktor kali kosong atau nol",
    "DATA_TIDAK_VALID": "Data tidak sesuai kontrak",
    "GANDA": "Lebih dari sekali di ACMT",
    "SELISIH_KWH": "kWh ACMT berbeda dari hitungan",
    "JAM_NYALA": "Jam nyala di atas batas",
    "BERUBAH_DI_ACMT": "Berubah di ACMT",
    "TIDAK_ADA_LAGI": "Tidak ada lagi di ACMT",
    "STEMPEL_TIDAK_SAH": "Verifikasinya gugur",
    "BELUM_SIAP": "Belum siap saat cuplikan diambil",
    "DILUAR_SISTEM": "Oleh pihak lain di AP2T",
    "SUDAH_SUPLAI_STAN": "Sudah naik ke fungsi 3 (suplai stan)",
    "BELUM_POSTING": "Belum disahkan",
    "KELOMPOK_LAIN": "Pelanggan kelompok lain",
    "IDPEL_TIDAK_DIKENAL": "Tidak ada dalam daftar AP2T kelompok ini",
    "TANPA_NOMOR": "Disahkan pihak lain tanpa nomor",
    "STAN_BERBEDA": "Sudah disahkan dengan stan lain",
}
DLPD = {
    "JAM_NYALA_TINGGI": "Jam nyala 720 ke atas",
    "JAM_NYALA_RENDAH": "Jam nyala di bawah 40",
    "KWH_NOL": "kWh nol",
    "ROLLOVER": "Register berputar",
    "GANTI_METER": "Ganti meter",
    "STAN_TIDAK_SAMBUNG": "Stan lalu tidak sambung",
    "FAKTOR_BERUBAH": "Faktor kali berubah",
    "NAIK_50": "Naik 50 % atau lebih",
    "TURUN_50": "Turun 50 % atau lebih",
    "DI_ATAS_RATA3": "Di atas 1,5 × rata-rata 3 bulan",
    "TANPA_FOTO": "Tanpa foto",
}
STATUS_SESI = {
    "BERJALAN": "Berjalan",
    "TERHENTI": "Terhenti",
    "SELESAI": "Selesai",
    "DITOLAK": "Ditolak pengesah",
    "NIHIL": "Nihil",
    "DIAMBIL_ALIH": "Diambil alih",
    "KEDALUWARSA": "Kedaluwarsa",
}
HASIL = {
    "POSTING": "Sudah disahkan",
    "COCOK": "Sudah disahkan",
    "BATAL": "Dibatalkan",
    "DITOLAK": "Ditolak AP2T",
    "BERUBAH": "Berubah di ACMT",
}
RIWAYAT = {
    "DIBACA": "Dibaca",
    "DIUBAH": "Diubah di ACMT",
    "VERIFIKASI_PENGAWAS": "Diverifikasi Pengawas",
    "VERIFIKASI_VENDOR": "Diverifikasi Admin Vendor",
    "DIKIRIM_ACMT": "Dikirim dari ACMT ke AP2T",
    "CUPLIKAN": "Dipotret untuk rekap",
    "TERTAHAN": "Ditahan saringan",
    "LOLOS": "Lolos saringan",
    "GERBANG_DIBUKA": "Persetujuan ditanyakan",
    "DISETUJUI": "Sah/Setuju",
    "DITOLAK_PENGESAH": "Tolak",
    "DIKEMBALIKAN": "Dikembalikan kepada vendor",
    "PENGEMBALIAN_SELESAI": "Verifikasinya dihapus di ACMT",
    "BATCH_DIKIRIM": "Dikirim untuk posting",
    "BATCH_BATAL": "Pengiriman batal",
    "PEMBATALAN_DIPERIKSA": "Diperiksa untuk pembatalan",
    "POSTING": "Posting 1 di AP2T",
    "DITOLAK": "Ditolak AP2T",
    "BERUBAH": "Tidak dikirim: berubah di ACMT",
    "BATAL": "Dibatalkan di AP2T",
    "SUPLAI_STAN": "Suplai stan (posting 3)",
    "BACAAN_DIARSIPKAN": "Bacaan diarsipkan",
    "SESI_SELESAI": "Sesi selesai",
    "SESI_DITOLAK": "Sesi berakhir: ditolak",
    "SESI_NIHIL": "Sesi berakhir: nihil",
    "SESI_DIAMBIL_ALIH": "Sesi diambil alih",
    "SESI_KEDALUWARSA": "Sesi kedaluwarsa",
}
JENIS_SESI = {"PENGESAHAN": "Pengesahan", "PEMBATALAN": "Pembatalan"}


def untuk_halaman() -> dict[str, Mapping[str, str]]:
    """Return every word that the page shows, by kind and code."""
    return {
        "alasan": ALASAN,
        "dlpd": DLPD,
        "status": LABEL,
        "jenis_sesi": JENIS_SESI,
        "status_sesi": STATUS_SESI,
        "hasil": HASIL,
        "riwayat": RIWAYAT,
    }
