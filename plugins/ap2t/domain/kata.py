"""The word for every code, as operators read it on the page, at the gate, in files and in mail.

No other module writes one of these words by hand. Keys are the enums' members, which compare as text.
"""

from __future__ import annotations

from collections.abc import Mapping

from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.domain.kode import (
    CaraPengembalian,
    HasilBatal,
    JenisJejak,
    JenisSesi,
    Keputusan,
    KodeAp2t,
    Riwayat,
    SebabBatal,
    SebabBerubah,
    SebabJadwal,
    SebabStatus,
    StatusHasil,
    StatusSesi,
    Tahap,
    TahapSesi,
)
from ap2t.domain.status import Status
from ap2t.domain.stempel import AlasanStempel

KATA_ALASAN: Mapping[str, str] = {
    **{kaidah: kaidah.isi.label for kaidah in Alasan},
    SebabBerubah.BERUBAH_DI_ACMT: "Berubah di ACMT",
    SebabBerubah.TIDAK_ADA_LAGI: "Tidak ada lagi di ACMT",
    SebabBerubah.STEMPEL_TIDAK_SAH: "Verifikasi atau pengirimannya gugur",
    SebabBatal.SUDAH_SUPLAI_STAN: "Sudah naik ke fungsi 3 (suplai stan)",
    SebabBatal.BELUM_POSTING: "Belum disahkan",
    SebabBatal.KELOMPOK_LAIN: "Pelanggan kelompok lain",
    SebabBatal.IDPEL_TIDAK_DIKENAL: "Tidak ada dalam daftar AP2T kelompok ini",
    SebabBatal.TANPA_NOMOR: "Disahkan pihak lain tanpa nomor",
    SebabStatus.DILUAR_SISTEM: "Oleh pihak lain di AP2T",
    SebabStatus.BELUM_SIAP: "Belum siap saat cuplikan diambil",
    KodeAp2t.STAN_BERBEDA: "Sudah disahkan dengan stan lain",
    KodeAp2t.BEDA_PENGESAHAN: "Disahkan dengan nomor lain",
}
"""Why a customer is held, was not sent, cannot be cancelled, was refused, or stands where it does."""

SARAN_BATAL: Mapping[str, str] = {
    SebabBatal.SUDAH_SUPLAI_STAN: "tidak dapat dibatalkan lagi",
    SebabBatal.BELUM_POSTING: "tidak ada yang perlu dibatalkan",
    SebabBatal.KELOMPOK_LAIN: "mulai pembatalan untuk kelompoknya",
    SebabBatal.IDPEL_TIDAK_DIKENAL: "unit atau kelompok lain, atau salah tulis",
    SebabBatal.TANPA_NOMOR: "batalkan di AP2T",
}
"""What follows for a customer who cannot be cancelled."""

KATA_DLPD: Mapping[str, str] = {kaidah: kaidah.isi.label for kaidah in Dlpd}

KATA_STATUS: Mapping[str, str] = {
    Status.BELUM_DIBACA: "Belum dibaca",
    Status.TERBACA: "Terbaca",
    Status.TERVERIFIKASI_PENGAWAS: "Terverifikasi Pengawas",
    Status.TERVERIFIKASI: "Terverifikasi",
    Status.TERKIRIM: "Terkirim, belum disahkan",
    Status.TERTAHAN: "Tertahan",
    Status.DIKEMBALIKAN: "Dikembalikan",
    Status.MENUNGGU_PERSETUJUAN: "Menunggu persetujuan",
    Status.DALAM_POSTING: "Dalam posting",
    Status.SUDAH_DISAHKAN: "Sudah disahkan",
    Status.DITOLAK_AP2T: "Ditolak AP2T",
    Status.DIBATALKAN: "Dibatalkan",
    Status.SUPLAI_STAN: "Suplai stan",
}

KATA_JENIS_SESI: Mapping[str, str] = {JenisSesi.PENGESAHAN: "Pengesahan", JenisSesi.PEMBATALAN: "Pembatalan"}

KATA_STATUS_SESI: Mapping[str, str] = {
    StatusSesi.BERJALAN: "Berjalan",
    StatusSesi.TERHENTI: "Terhenti",
    StatusSesi.SELESAI: "Selesai",
    StatusSesi.DITOLAK: "Ditolak pengesah",
    StatusSesi.NIHIL: "Nihil",
    StatusSesi.DIAMBIL_ALIH: "Diambil alih",
    StatusSesi.KEDALUWARSA: "Kedaluwarsa",
}

KATA_TAHAP_SESI: Mapping[str, str] = {
    TahapSesi.DIBUKA: "Dibuka",
    TahapSesi.CUPLIKAN: "Cuplikan diambil",
    TahapSesi.TERSARING: "Disaring",
    TahapSesi.MENUNGGU_PERSETUJUAN: "Menunggu persetujuan",
    TahapSesi.DISETUJUI: "Disetujui",
    TahapSesi.MEMPOSTING: "Sedang dikirim ke AP2T",
    TahapSesi.TERPOSTING: "Selesai dikirim ke AP2T",
    TahapSesi.COCOK: "Cocok dengan AP2T",
}

KATA_KESIAPAN: Mapping[str, str] = {
    Tahap.STAN_TERISI: "Stan terisi",
    Tahap.TERVERIFIKASI: "Terverifikasi Pengawas dan Admin Vendor",
    Tahap.TERKIRIM: "Terkirim ke AP2T oleh Admin Vendor",
}

KATA_STEMPEL: Mapping[str, str] = {
    AlasanStempel.BELUM_ADA: "belum ada",
    AlasanStempel.TIDAK_LENGKAP: "tidak lengkap",
    AlasanStempel.TANPA_TGL_BACA: "tidak dapat dinilai karena tanggal baca kosong",
    AlasanStempel.SEBELUM_BACA: "sebelum tanggal baca",
    AlasanStempel.SEBELUM_PERUBAHAN: "sebelum perubahan data terakhir",
    AlasanStempel.DI_MASA_DEPAN: "bertanggal di masa depan",
    AlasanStempel.ORANG_SAMA: "oleh orang yang sama dengan verifikasi lainnya",
    AlasanStempel.BUKAN_PETUGAS: "bukan oleh petugas unit yang berwenang",
}
"""What is wrong with a stamp, to stand behind the stamp's name."""

KATA_SEBAB_JADWAL: Mapping[str, str] = {
    SebabJadwal.SIAP: "Sudah siap",
    SebabJadwal.TENGGAT: "Belum siap sampai tenggat",
    SebabJadwal.ORANG: "Dibuka orang",
}

KATA_HASIL_BATAL: Mapping[str, str] = {
    HasilBatal.BOLEH: "Dapat dibatalkan",
    HasilBatal.TIDAK: "Tidak dapat dibatalkan",
}

KATA_CARA: Mapping[str, str] = {
    CaraPengembalian.DIPANGGIL: "ACMT menjawab selesai",
    CaraPengembalian.TERLIHAT: "jawaban ACMT hilang, hasilnya terlihat di sana",
    CaraPengembalian.BERGANTI: "jawaban ACMT hilang, verifikasinya sudah berganti",
    CaraPengembalian.TIDAK_ADA: "bacaannya tidak ada lagi di ACMT; periksa di sana",
    CaraPengembalian.TANPA_FUNGSI: "jenis basis data ACMT ini tidak punya panggilannya; "
    "kembalikan langsung di aplikasi ACMT",
}
"""How it is known that ACMT was told whom an approver sent back, or why it cannot be told."""

KATA_KEPUTUSAN: Mapping[str, str] = {Keputusan.SETUJU: "Sah/Setuju", Keputusan.TOLAK: "Tolak"}
"""What an approver presses."""

KATA_HASIL: Mapping[str, str] = {
    StatusHasil.POSTING: "Disahkan (posting 1)",
    StatusHasil.SUDAH_POSTING: "Disahkan (sudah posting 1, bacaan sama)",
    StatusHasil.DITOLAK: "Ditolak AP2T",
    StatusHasil.BATAL: "Dibatalkan (posting 0)",
    StatusHasil.BELUM_POSTING: "Sudah dibatalkan pihak lain (posting 0)",
    StatusHasil.BERUBAH: "Berubah di ACMT",
}

KATA_KEJADIAN: Mapping[str, str] = {
    JenisJejak.SESI_DIBUKA: "Sesi dibuka",
    JenisJejak.SESI_DILANJUTKAN: "Sesi dilanjutkan",
    JenisJejak.SESI_TERHENTI: "Sesi terhenti",
    JenisJejak.SESI_DITUTUP: "Sesi ditutup",
    JenisJejak.SESI_KEDALUWARSA: "Sesi kedaluwarsa",
    JenisJejak.SESI_DIAMBIL_ALIH_MULAI: "Sesi mulai diambil alih",
    JenisJejak.SESI_DIAMBIL_ALIH: "Sesi diambil alih",
    JenisJejak.UPAYA_MULAI_DITOLAK: "Upaya memulai sesi ditolak",
    JenisJejak.KESIAPAN: "Kesiapan dilihat",
    JenisJejak.CUPLIKAN_DIAMBIL: "Cuplikan diambil",
    JenisJejak.DISARING: "Cuplikan disaring",
    JenisJejak.DITAHAN: "Pelanggan ditahan",
    JenisJejak.TIDAK_DAPAT_DIBATALKAN: "Pelanggan tidak dapat dibatalkan",
    JenisJejak.REKAP: "Rekap dan sidik dibuat",
    JenisJejak.GERBANG_DIBUKA: "Gerbang persetujuan dibuka",
    JenisJejak.GERBANG_DIBUKA_LAGI: "Gerbang persetujuan dibuka lagi",
    JenisJejak.JAWABAN_TIBA: "Jawaban tiba",
    JenisJejak.JAWABAN_TERTUNDA: "Jawaban belum dapat dinilai",
    JenisJejak.JAWABAN_TIDAK_DITERIMA: "Jawaban tidak diterima",
    JenisJejak.DIJAWAB: "Gerbang dijawab",
    JenisJejak.TENGGAT_LEWAT: "Tenggat jawab lewat",
    JenisJejak.POSTING_MULAI: "Pengiriman ke AP2T dimulai",
    JenisJejak.BATCH_DIKIRIM: "Batch akan dikirim ke AP2T",
    JenisJejak.BATCH_DITERAPKAN: "Batch diterapkan AP2T",
    JenisJejak.BATCH_BATAL: "Batch tidak diterapkan",
    JenisJejak.BARIS_DITOLAK: "Baris ditolak AP2T",
    JenisJejak.BERUBAH_DI_SUMBER: "Bacaan berubah di ACMT, tidak dikirim",
    JenisJejak.POSTING_SELESAI: "Pengiriman ke AP2T selesai",
    JenisJejak.UPAYA_POSTING_DITOLAK: "Upaya pengiriman ke AP2T ditolak",
    JenisJejak.REKONSILIASI: "Rekonsiliasi dengan AP2T",
    JenisJejak.BERUBAH_SESUDAH_POSTING: "Bacaan berubah di ACMT sesudah posting",
    JenisJejak.DILUAR_SISTEM: "Diubah pihak lain di AP2T",
    JenisJejak.PENGEMBALIAN_DIKIRIM: "Pelanggan dikembalikan: ACMT akan dipanggil",
    JenisJejak.PENGEMBALIAN_TANPA_AKIBAT: "Pelanggan dikembalikan: panggilan tanpa akibat",
    JenisJejak.PENGEMBALIAN_SELESAI: "Pelanggan dikembalikan: hasilnya",
    JenisJejak.JADWAL_DIBUKA: "Jadwal membuka kelompok",
    JenisJejak.JADWAL_BELUM_SIAP: "Kelompok jatuh tempo belum siap",
    JenisJejak.KALENDER_CACAT: "Kalender baca cacat",
    JenisJejak.LAYANAN_TIDAK_MENJAWAB: "Layanan tidak menjawab",
    JenisJejak.LAYANAN_MENJAWAB_LAGI: "Layanan menjawab lagi",
    JenisJejak.KONFIGURASI_DITERAPKAN: "Pola unit diterapkan",
    JenisJejak.SEGEL_DIBUAT: "Segel jejak dibuat",
    JenisJejak.BACAAN_DIARSIPKAN: "Bacaan diarsipkan",
    JenisJejak.PERISTIWA_AIRFLOW: "Diminta atau tercatat di Airflow",
}
"""What an entry of the trail tells of."""

KATA_RIWAYAT: Mapping[str, str] = {
    Riwayat.DIBACA: "Dibaca",
    Riwayat.DIUBAH: "Diubah di ACMT",
    Riwayat.VERIFIKASI_PENGAWAS: "Diverifikasi Pengawas",
    Riwayat.VERIFIKASI_VENDOR: "Diverifikasi Admin Vendor",
    Riwayat.DIKIRIM_ACMT: "Dikirim dari ACMT ke AP2T",
    Riwayat.CUPLIKAN: "Dipotret untuk rekap",
    Riwayat.PEMBATALAN_DIPERIKSA: "Diperiksa untuk pembatalan",
    Riwayat.LOLOS: "Lolos saringan",
    Riwayat.TERTAHAN: "Ditahan saringan",
    Riwayat.GERBANG_DIBUKA: "Persetujuan ditanyakan",
    Riwayat.DISETUJUI: KATA_KEPUTUSAN[Keputusan.SETUJU],
    Riwayat.DITOLAK_PENGESAH: KATA_KEPUTUSAN[Keputusan.TOLAK],
    Riwayat.DIKEMBALIKAN: "Dikembalikan kepada vendor",
    Riwayat.PENGEMBALIAN_SELESAI: "Verifikasinya dihapus di ACMT",
    Riwayat.PENGEMBALIAN_GAGAL: "Verifikasinya tidak dapat dihapus di ACMT",
    Riwayat.BATCH_DIKIRIM: "Dikirim ke AP2T",
    Riwayat.BATCH_BATAL: "Pengiriman batal",
    Riwayat.DILUAR_SISTEM_DIPOSTING: "Disahkan pihak lain di AP2T",
    Riwayat.DILUAR_SISTEM_DIBATALKAN: "Dibatalkan pihak lain di AP2T",
    Riwayat.SUPLAI_STAN: "Suplai stan (posting 3)",
    Riwayat.SESI_SELESAI: "Sesi selesai",
    Riwayat.SESI_DITOLAK: "Sesi berakhir: ditolak pengesah",
    Riwayat.SESI_NIHIL: "Sesi berakhir: nihil",
    Riwayat.SESI_DIAMBIL_ALIH: KATA_KEJADIAN[JenisJejak.SESI_DIAMBIL_ALIH],
    Riwayat.SESI_KEDALUWARSA: KATA_KEJADIAN[JenisJejak.SESI_KEDALUWARSA],
    Riwayat.BACAAN_DIARSIPKAN: KATA_KEJADIAN[JenisJejak.BACAAN_DIARSIPKAN],
    **{Riwayat(kode): kata for kode, kata in KATA_HASIL.items()},
}
"""What happened to one customer."""


def kata(kode: str) -> str:
    """Return the word for a reason or a DLPD flag. A code that has none, as AP2T may give one, stands for itself."""
    return KATA_ALASAN.get(kode) or KATA_DLPD.get(kode, kode)


def kata_batal(kode: str) -> str:
    """Say within a sentence why a customer cannot be cancelled, and what follows."""
    alasan = di_tengah(kata(kode))
    return f"{alasan}: {SARAN_BATAL[kode]}" if kode in SARAN_BATAL else alasan


def di_tengah(label: str) -> str:
    """Write a word as it stands within a sentence."""
    return label[:1].lower() + label[1:]


def untuk_halaman() -> dict[str, Mapping[str, str]]:
    """Return every word that the page shows, by kind and code."""
    return {
        "alasan": KATA_ALASAN,
        "dlpd": KATA_DLPD,
        "status": KATA_STATUS,
        "jenis_sesi": KATA_JENIS_SESI,
        "status_sesi": KATA_STATUS_SESI,
        "tahap": KATA_TAHAP_SESI,
        "kejadian": KATA_KEJADIAN,
        "hasil": KATA_HASIL,
        "riwayat": KATA_RIWAYAT,
    }
