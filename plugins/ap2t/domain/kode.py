"""Every code that the ledger keeps beside those of the rules (:mod:`ap2t.domain.model`) and of a customer's status.

Members are text: they compare with what the ledger, SQL and JSON hold.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Berkata(StrEnum):
    """Codes with the word that operators read for each: on the page, at the gate, in files and in mail."""

    _value_: str
    kata: str

    def __new__(cls, kode: str, kata: str = "") -> Self:  # the default: to a type checker a look-up is a call too
        """Keep the word beside the code, which alone is the value."""
        satu = str.__new__(cls, kode)
        satu._value_, satu.kata = kode, kata
        return satu


class JenisJejak(Berkata):
    """What an entry of the trail tells of.

    Grammar: a thing and what became of it (``SESI_DIBUKA``, ``BATCH_DITERAPKAN``), or the step alone that was done
    (``KESIAPAN``, ``REKAP``, ``REKONSILIASI``). ``UPAYA_…`` is an attempt that was refused. ``…_MULAI`` is a step whose
    end has an entry of its own. A kind is never renamed or used for something else: the trail holds it for good.
    """

    # A session's life.
    SESI_DIBUKA = "SESI_DIBUKA", "Sesi dibuka"
    SESI_DILANJUTKAN = "SESI_DILANJUTKAN", "Sesi dilanjutkan"
    SESI_TERHENTI = "SESI_TERHENTI", "Sesi terhenti"
    SESI_DITUTUP = "SESI_DITUTUP", "Sesi ditutup"
    SESI_KEDALUWARSA = "SESI_KEDALUWARSA", "Sesi kedaluwarsa"
    SESI_DIAMBIL_ALIH_MULAI = "SESI_DIAMBIL_ALIH_MULAI", "Sesi mulai diambil alih"
    SESI_DIAMBIL_ALIH = "SESI_DIAMBIL_ALIH", "Sesi diambil alih"
    UPAYA_MULAI_DITOLAK = "UPAYA_MULAI_DITOLAK", "Upaya memulai sesi ditolak"
    # What it works on.
    KESIAPAN = "KESIAPAN", "Kesiapan dilihat"
    CUPLIKAN_DIAMBIL = "CUPLIKAN_DIAMBIL", "Cuplikan diambil"
    DISARING = "DISARING", "Cuplikan disaring"
    DITAHAN = "DITAHAN", "Pelanggan ditahan"
    TIDAK_DAPAT_DIBATALKAN = "TIDAK_DAPAT_DIBATALKAN", "Pelanggan tidak dapat dibatalkan"
    REKAP = "REKAP", "Rekap dan sidik dibuat"
    # The gate.
    GERBANG_DIBUKA = "GERBANG_DIBUKA", "Gerbang persetujuan dibuka"
    GERBANG_DIBUKA_LAGI = "GERBANG_DIBUKA_LAGI", "Gerbang persetujuan dibuka lagi"
    JAWABAN_TIBA = "JAWABAN_TIBA", "Jawaban tiba"
    JAWABAN_TERTUNDA = "JAWABAN_TERTUNDA", "Jawaban belum dapat dinilai"
    JAWABAN_TIDAK_DITERIMA = "JAWABAN_TIDAK_DITERIMA", "Jawaban tidak diterima"
    DIJAWAB = "DIJAWAB", "Gerbang dijawab"
    TENGGAT_LEWAT = "TENGGAT_LEWAT", "Tenggat jawab lewat"
    # Sending to AP2T, and what became of it.
    POSTING_MULAI = "POSTING_MULAI", "Pengiriman ke AP2T dimulai"
    BATCH_DIKIRIM = "BATCH_DIKIRIM", "Batch akan dikirim ke AP2T"
    BATCH_DITERAPKAN = "BATCH_DITERAPKAN", "Batch diterapkan AP2T"
    BATCH_BATAL = "BATCH_BATAL", "Batch tidak diterapkan"
    BARIS_DITOLAK = "BARIS_DITOLAK", "Baris ditolak AP2T"
    BERUBAH_DI_SUMBER = "BERUBAH_DI_SUMBER", "Bacaan berubah di ACMT, tidak dikirim"
    POSTING_SELESAI = "POSTING_SELESAI", "Pengiriman ke AP2T selesai"
    UPAYA_POSTING_DITOLAK = "UPAYA_POSTING_DITOLAK", "Upaya pengiriman ke AP2T ditolak"
    REKONSILIASI = "REKONSILIASI", "Rekonsiliasi dengan AP2T"
    BERUBAH_SESUDAH_POSTING = "BERUBAH_SESUDAH_POSTING", "Bacaan berubah di ACMT sesudah posting"
    DILUAR_SISTEM = "DILUAR_SISTEM", "Diubah pihak lain di AP2T"
    # Customers sent back to the vendor.
    PENGEMBALIAN_DIKIRIM = "PENGEMBALIAN_DIKIRIM", "Pelanggan dikembalikan: ACMT akan dipanggil"
    PENGEMBALIAN_TANPA_AKIBAT = "PENGEMBALIAN_TANPA_AKIBAT", "Pelanggan dikembalikan: panggilan tanpa akibat"
    PENGEMBALIAN_SELESAI = "PENGEMBALIAN_SELESAI", "Pelanggan dikembalikan: hasilnya"
    # The schedule.
    JADWAL_DIBUKA = "JADWAL_DIBUKA", "Jadwal membuka kelompok"
    JADWAL_BELUM_SIAP = "JADWAL_BELUM_SIAP", "Kelompok jatuh tempo belum siap"
    KALENDER_CACAT = "KALENDER_CACAT", "Kalender baca cacat"
    # The watch, the owner, and what Airflow noted.
    LAYANAN_TIDAK_MENJAWAB = "LAYANAN_TIDAK_MENJAWAB", "Layanan tidak menjawab"
    LAYANAN_MENJAWAB_LAGI = "LAYANAN_MENJAWAB_LAGI", "Layanan menjawab lagi"
    KONFIGURASI_DITERAPKAN = "KONFIGURASI_DITERAPKAN", "Pola unit diterapkan"
    SEGEL_DIBUAT = "SEGEL_DIBUAT", "Segel jejak dibuat"
    BACAAN_DIARSIPKAN = "BACAAN_DIARSIPKAN", "Bacaan diarsipkan"
    PERISTIWA_AIRFLOW = "PERISTIWA_AIRFLOW", "Diminta atau tercatat di Airflow"


class JenisSesi(Berkata):
    """What a session does: it approves, or it cancels approvals."""

    PENGESAHAN = "PENGESAHAN", "Pengesahan"
    PEMBATALAN = "PEMBATALAN", "Pembatalan"


class StatusSesi(Berkata):
    """Whether a session is open (the first two), or how it ended."""

    BERJALAN = "BERJALAN", "Berjalan"
    TERHENTI = "TERHENTI", "Terhenti"
    SELESAI = "SELESAI", "Selesai"
    DITOLAK = "DITOLAK", "Ditolak pengesah"
    NIHIL = "NIHIL", "Nihil"
    DIAMBIL_ALIH = "DIAMBIL_ALIH", "Diambil alih"
    KEDALUWARSA = "KEDALUWARSA", "Kedaluwarsa"


TERBUKA = (StatusSesi.BERJALAN, StatusSesi.TERHENTI)
"""A session that has not ended: its run works on it or waits, or a step failed and may be repeated."""


class TahapSesi(Berkata):
    """How far a session is, in the order of the procedure."""

    DIBUKA = "DIBUKA", "Dibuka"
    CUPLIKAN = "CUPLIKAN", "Cuplikan diambil"
    TERSARING = "TERSARING", "Disaring"
    MENUNGGU_PERSETUJUAN = "MENUNGGU_PERSETUJUAN", "Menunggu persetujuan"
    DISETUJUI = "DISETUJUI", "Disetujui"
    MEMPOSTING = "MEMPOSTING", "Sedang dikirim ke AP2T"
    TERPOSTING = "TERPOSTING", "Selesai dikirim ke AP2T"
    COCOK = "COCOK", "Cocok dengan AP2T"


class Tahap(Berkata):
    """The three things that must hold for every row before it is approved, in the procedure's order."""

    STAN_TERISI = "STAN_TERISI", "Stan terisi"
    TERVERIFIKASI = "TERVERIFIKASI", "Terverifikasi Pengawas dan Admin Vendor"
    TERKIRIM = "TERKIRIM", "Terkirim ke AP2T oleh Admin Vendor"


class BentukPola(StrEnum):
    """Whether a kelompok is approved once every customer is ready, or the ready ones at a time."""

    LENGKAP = "LENGKAP"
    BERTAHAP = "BERTAHAP"


class SebabJadwal(Berkata):
    """Why the schedule counts a kelompok as opened: it was ready, its deadline came, or a person was faster."""

    SIAP = "SIAP", "Sudah siap"
    TENGGAT = "TENGGAT", "Belum siap sampai tenggat"
    ORANG = "ORANG", "Dibuka orang"


class Keputusan(Berkata):
    """What an approver decided."""

    SETUJU = "SETUJU", "Sah/Setuju"
    TOLAK = "TOLAK", "Tolak"


class StatusBatch(StrEnum):
    """Where a batch stands: in flight, applied by AP2T, or void."""

    DIKIRIM = "DIKIRIM"
    DITERAPKAN = "DITERAPKAN"
    BATAL = "BATAL"


class StatusHasil(Berkata):
    """What became of one row that was to be posted or cancelled."""

    POSTING = "POSTING", "Disahkan (posting 1)"
    SUDAH_POSTING = "SUDAH_POSTING", "Disahkan (sudah posting 1, bacaan sama)"
    DITOLAK = "DITOLAK", "Ditolak AP2T"
    BATAL = "BATAL", "Dibatalkan (posting 0)"
    BELUM_POSTING = "BELUM_POSTING", "Sudah dibatalkan pihak lain (posting 0)"
    BERUBAH = "BERUBAH", "Berubah di ACMT"


class SebabBerubah(Berkata):
    """Why a row was not sent as it was approved."""

    BERUBAH_DI_ACMT = "BERUBAH_DI_ACMT", "Berubah di ACMT"
    TIDAK_ADA_LAGI = "TIDAK_ADA_LAGI", "Tidak ada lagi di ACMT"
    STEMPEL_TIDAK_SAH = "STEMPEL_TIDAK_SAH", "Verifikasi atau pengirimannya gugur"


class HasilBatal(Berkata):
    """Whether a customer's approval can be cancelled."""

    BOLEH = "BOLEH", "Dapat dibatalkan"
    TIDAK = "TIDAK", "Tidak dapat dibatalkan"


class CakupanBatal(StrEnum):
    """Whom a cancellation means: the customers named, or all of the kelompok that are approved."""

    DAFTAR = "daftar"
    SEMUA = "semua"


class SebabBatal(Berkata):
    """Why a customer cannot be cancelled."""

    SUDAH_SUPLAI_STAN = "SUDAH_SUPLAI_STAN", "Sudah naik ke fungsi 3 (suplai stan)"
    BELUM_POSTING = "BELUM_POSTING", "Belum disahkan"
    KELOMPOK_LAIN = "KELOMPOK_LAIN", "Pelanggan kelompok lain"
    IDPEL_TIDAK_DIKENAL = "IDPEL_TIDAK_DIKENAL", "Tidak ada dalam daftar AP2T kelompok ini"
    TANPA_NOMOR = "TANPA_NOMOR", "Disahkan pihak lain tanpa nomor"


class SebabStatus(Berkata):
    """Why a customer stands where it does, beside the reasons of sieve, sending and AP2T."""

    DILUAR_SISTEM = "DILUAR_SISTEM", "Oleh pihak lain di AP2T"
    BELUM_SIAP = "BELUM_SIAP", "Belum siap saat cuplikan diambil"


class KodeAp2t(Berkata):
    """Refusals of a row that only AP2T gives. It may give others than these of its contract."""

    STAN_BERBEDA = "STAN_BERBEDA", "Sudah disahkan dengan stan lain"
    BEDA_PENGESAHAN = "BEDA_PENGESAHAN", "Disahkan dengan nomor lain"


class KejadianLuar(StrEnum):
    """What others did to a customer in AP2T."""

    DIPOSTING = "DIPOSTING"
    DIBATALKAN = "DIBATALKAN"


class SaatLuar(StrEnum):
    """At which step a session saw what others did."""

    CUPLIKAN = "CUPLIKAN"
    REKONSILIASI = "REKONSILIASI"


class StatusPengembalian(StrEnum):
    """Whether ACMT was told that a customer was sent back."""

    MENUNGGU = "MENUNGGU"
    DIKIRIM = "DIKIRIM"
    SELESAI = "SELESAI"
    GAGAL = "GAGAL"


class CaraPengembalian(Berkata):
    """How it is known that ACMT was told (the first three), or why it cannot be."""

    DIPANGGIL = "DIPANGGIL", "ACMT menjawab selesai"
    TERLIHAT = "TERLIHAT", "jawaban ACMT hilang, hasilnya terlihat di sana"
    BERGANTI = "BERGANTI", "jawaban ACMT hilang, verifikasinya sudah berganti"
    TIDAK_ADA = "TIDAK_ADA", "bacaannya tidak ada lagi di ACMT; periksa di sana"
    TANPA_FUNGSI = (
        "TANPA_FUNGSI",
        "jenis basis data ACMT ini tidak punya panggilannya; kembalikan langsung di aplikasi ACMT",
    )


class StatusPesan(StrEnum):
    """Where a message to a person or a channel stands."""

    MENUNGGU = "MENUNGGU"
    GAGAL = "GAGAL"
    TERKIRIM = "TERKIRIM"
    MENYERAH = "MENYERAH"
    USANG = "USANG"
    LEWAT = "LEWAT"
    TANPA_ALAMAT = "TANPA_ALAMAT"


class Riwayat(Berkata):
    """What happened to one customer in a month, in ACMT, here and in AP2T."""

    DIBACA = "DIBACA", "Dibaca"
    DIUBAH = "DIUBAH", "Diubah di ACMT"
    VERIFIKASI_PENGAWAS = "VERIFIKASI_PENGAWAS", "Diverifikasi Pengawas"
    VERIFIKASI_VENDOR = "VERIFIKASI_VENDOR", "Diverifikasi Admin Vendor"
    DIKIRIM_ACMT = "DIKIRIM_ACMT", "Dikirim dari ACMT ke AP2T"
    CUPLIKAN = "CUPLIKAN", "Dipotret untuk rekap"
    PEMBATALAN_DIPERIKSA = "PEMBATALAN_DIPERIKSA", "Diperiksa untuk pembatalan"
    LOLOS = "LOLOS", "Lolos saringan"
    TERTAHAN = "TERTAHAN", "Ditahan saringan"
    GERBANG_DIBUKA = "GERBANG_DIBUKA", "Persetujuan ditanyakan"
    DISETUJUI = "DISETUJUI", Keputusan.SETUJU.kata
    DITOLAK_PENGESAH = "DITOLAK_PENGESAH", Keputusan.TOLAK.kata
    DIKEMBALIKAN = "DIKEMBALIKAN", "Dikembalikan kepada vendor"
    PENGEMBALIAN_SELESAI = "PENGEMBALIAN_SELESAI", "Verifikasinya dihapus di ACMT"
    PENGEMBALIAN_GAGAL = "PENGEMBALIAN_GAGAL", "Verifikasinya tidak dapat dihapus di ACMT"
    BATCH_DIKIRIM = "BATCH_DIKIRIM", "Dikirim ke AP2T"
    BATCH_BATAL = "BATCH_BATAL", "Pengiriman batal"
    POSTING = "POSTING", StatusHasil.POSTING.kata
    SUDAH_POSTING = "SUDAH_POSTING", StatusHasil.SUDAH_POSTING.kata
    DITOLAK = "DITOLAK", StatusHasil.DITOLAK.kata
    BERUBAH = "BERUBAH", StatusHasil.BERUBAH.kata
    BATAL = "BATAL", StatusHasil.BATAL.kata
    BELUM_POSTING = "BELUM_POSTING", StatusHasil.BELUM_POSTING.kata
    DILUAR_SISTEM_DIPOSTING = "DILUAR_SISTEM_DIPOSTING", "Disahkan pihak lain di AP2T"
    DILUAR_SISTEM_DIBATALKAN = "DILUAR_SISTEM_DIBATALKAN", "Dibatalkan pihak lain di AP2T"
    SUPLAI_STAN = "SUPLAI_STAN", "Suplai stan (posting 3)"
    SESI_SELESAI = "SESI_SELESAI", "Sesi selesai"
    SESI_DITOLAK = "SESI_DITOLAK", "Sesi berakhir: ditolak pengesah"
    SESI_NIHIL = "SESI_NIHIL", "Sesi berakhir: nihil"
    SESI_DIAMBIL_ALIH = "SESI_DIAMBIL_ALIH", JenisJejak.SESI_DIAMBIL_ALIH.kata
    SESI_KEDALUWARSA = "SESI_KEDALUWARSA", JenisJejak.SESI_KEDALUWARSA.kata
    BACAAN_DIARSIPKAN = "BACAAN_DIARSIPKAN", JenisJejak.BACAAN_DIARSIPKAN.kata
