"""Every code that the ledger keeps beside those of the rules (:mod:`ap2t.domain.model`) and of a customer's status.

Members are text: they compare with what the ledger, SQL and JSON hold. Their words stand in :mod:`ap2t.domain.kata`.
"""

from __future__ import annotations

from enum import StrEnum


class JenisJejak(StrEnum):
    """What an entry of the trail tells of.

    Grammar: a thing and what became of it (``SESI_DIBUKA``, ``BATCH_DITERAPKAN``), or the step alone that was done
    (``KESIAPAN``, ``REKAP``, ``REKONSILIASI``). ``UPAYA_…`` is an attempt that was refused. ``…_MULAI`` is a step whose
    end has an entry of its own. A kind is never renamed or used for something else: the trail holds it for good.
    """

    # A session's life.
    SESI_DIBUKA = "SESI_DIBUKA"
    SESI_DILANJUTKAN = "SESI_DILANJUTKAN"
    SESI_TERHENTI = "SESI_TERHENTI"
    SESI_DITUTUP = "SESI_DITUTUP"
    SESI_KEDALUWARSA = "SESI_KEDALUWARSA"
    SESI_DIAMBIL_ALIH_MULAI = "SESI_DIAMBIL_ALIH_MULAI"
    SESI_DIAMBIL_ALIH = "SESI_DIAMBIL_ALIH"
    UPAYA_MULAI_DITOLAK = "UPAYA_MULAI_DITOLAK"
    # What it works on.
    KESIAPAN = "KESIAPAN"
    CUPLIKAN_DIAMBIL = "CUPLIKAN_DIAMBIL"
    DISARING = "DISARING"
    DITAHAN = "DITAHAN"
    TIDAK_DAPAT_DIBATALKAN = "TIDAK_DAPAT_DIBATALKAN"
    REKAP = "REKAP"
    # The gate.
    GERBANG_DIBUKA = "GERBANG_DIBUKA"
    GERBANG_DIBUKA_LAGI = "GERBANG_DIBUKA_LAGI"
    JAWABAN_TIBA = "JAWABAN_TIBA"
    JAWABAN_TERTUNDA = "JAWABAN_TERTUNDA"
    JAWABAN_TIDAK_DITERIMA = "JAWABAN_TIDAK_DITERIMA"
    DIJAWAB = "DIJAWAB"
    TENGGAT_LEWAT = "TENGGAT_LEWAT"
    # Sending to AP2T, and what became of it.
    POSTING_MULAI = "POSTING_MULAI"
    BATCH_DIKIRIM = "BATCH_DIKIRIM"
    BATCH_DITERAPKAN = "BATCH_DITERAPKAN"
    BATCH_BATAL = "BATCH_BATAL"
    BARIS_DITOLAK = "BARIS_DITOLAK"
    BERUBAH_DI_SUMBER = "BERUBAH_DI_SUMBER"
    POSTING_SELESAI = "POSTING_SELESAI"
    UPAYA_POSTING_DITOLAK = "UPAYA_POSTING_DITOLAK"
    REKONSILIASI = "REKONSILIASI"
    BERUBAH_SESUDAH_POSTING = "BERUBAH_SESUDAH_POSTING"
    DILUAR_SISTEM = "DILUAR_SISTEM"
    # Customers sent back to the vendor.
    PENGEMBALIAN_DIKIRIM = "PENGEMBALIAN_DIKIRIM"
    PENGEMBALIAN_TANPA_AKIBAT = "PENGEMBALIAN_TANPA_AKIBAT"
    PENGEMBALIAN_SELESAI = "PENGEMBALIAN_SELESAI"
    # The schedule.
    JADWAL_DIBUKA = "JADWAL_DIBUKA"
    JADWAL_BELUM_SIAP = "JADWAL_BELUM_SIAP"
    KALENDER_CACAT = "KALENDER_CACAT"
    # The watch, the owner, and what Airflow noted.
    LAYANAN_TIDAK_MENJAWAB = "LAYANAN_TIDAK_MENJAWAB"
    LAYANAN_MENJAWAB_LAGI = "LAYANAN_MENJAWAB_LAGI"
    KONFIGURASI_DITERAPKAN = "KONFIGURASI_DITERAPKAN"
    SEGEL_DIBUAT = "SEGEL_DIBUAT"
    BACAAN_DIARSIPKAN = "BACAAN_DIARSIPKAN"
    PERISTIWA_AIRFLOW = "PERISTIWA_AIRFLOW"


class JenisSesi(StrEnum):
    """What a session does: it approves, or it cancels approvals."""

    PENGESAHAN = "PENGESAHAN"
    PEMBATALAN = "PEMBATALAN"


class StatusSesi(StrEnum):
    """Whether a session is open (the first two), or how it ended."""

    BERJALAN = "BERJALAN"
    TERHENTI = "TERHENTI"
    SELESAI = "SELESAI"
    DITOLAK = "DITOLAK"
    NIHIL = "NIHIL"
    DIAMBIL_ALIH = "DIAMBIL_ALIH"
    KEDALUWARSA = "KEDALUWARSA"


TERBUKA = (StatusSesi.BERJALAN, StatusSesi.TERHENTI)
"""A session that has not ended: its run works on it or waits, or a step failed and may be repeated."""


class TahapSesi(StrEnum):
    """How far a session is, in the order of the procedure."""

    DIBUKA = "DIBUKA"
    CUPLIKAN = "CUPLIKAN"
    TERSARING = "TERSARING"
    MENUNGGU_PERSETUJUAN = "MENUNGGU_PERSETUJUAN"
    DISETUJUI = "DISETUJUI"
    MEMPOSTING = "MEMPOSTING"
    TERPOSTING = "TERPOSTING"
    COCOK = "COCOK"


class Tahap(StrEnum):
    """The three things that must hold for every row before it is approved, in the procedure's order."""

    STAN_TERISI = "STAN_TERISI"
    TERVERIFIKASI = "TERVERIFIKASI"
    TERKIRIM = "TERKIRIM"


class BentukPola(StrEnum):
    """Whether a kelompok is approved once every customer is ready, or the ready ones at a time."""

    LENGKAP = "LENGKAP"
    BERTAHAP = "BERTAHAP"


class SebabJadwal(StrEnum):
    """Why the schedule counts a kelompok as opened: it was ready, its deadline came, or a person was faster."""

    SIAP = "SIAP"
    TENGGAT = "TENGGAT"
    ORANG = "ORANG"


class Keputusan(StrEnum):
    """What an approver decided."""

    SETUJU = "SETUJU"
    TOLAK = "TOLAK"


class StatusBatch(StrEnum):
    """Where a batch stands: in flight, applied by AP2T, or void."""

    DIKIRIM = "DIKIRIM"
    DITERAPKAN = "DITERAPKAN"
    BATAL = "BATAL"


class StatusHasil(StrEnum):
    """What became of one row that was to be posted or cancelled."""

    POSTING = "POSTING"
    SUDAH_POSTING = "SUDAH_POSTING"
    DITOLAK = "DITOLAK"
    BATAL = "BATAL"
    BELUM_POSTING = "BELUM_POSTING"
    BERUBAH = "BERUBAH"


class SebabBerubah(StrEnum):
    """Why a row was not sent as it was approved."""

    BERUBAH_DI_ACMT = "BERUBAH_DI_ACMT"
    TIDAK_ADA_LAGI = "TIDAK_ADA_LAGI"
    STEMPEL_TIDAK_SAH = "STEMPEL_TIDAK_SAH"


class HasilBatal(StrEnum):
    """Whether a customer's approval can be cancelled."""

    BOLEH = "BOLEH"
    TIDAK = "TIDAK"


class CakupanBatal(StrEnum):
    """Whom a cancellation means: the customers named, or all of the kelompok that are approved."""

    DAFTAR = "daftar"
    SEMUA = "semua"


class SebabBatal(StrEnum):
    """Why a customer cannot be cancelled."""

    SUDAH_SUPLAI_STAN = "SUDAH_SUPLAI_STAN"
    BELUM_POSTING = "BELUM_POSTING"
    KELOMPOK_LAIN = "KELOMPOK_LAIN"
    IDPEL_TIDAK_DIKENAL = "IDPEL_TIDAK_DIKENAL"
    TANPA_NOMOR = "TANPA_NOMOR"


class SebabStatus(StrEnum):
    """Why a customer stands where it does, beside the reasons of sieve, sending and AP2T."""

    DILUAR_SISTEM = "DILUAR_SISTEM"
    BELUM_SIAP = "BELUM_SIAP"


class KodeAp2t(StrEnum):
    """Refusals of a row that only AP2T gives. It may give others than these of its contract."""

    STAN_BERBEDA = "STAN_BERBEDA"
    BEDA_PENGESAHAN = "BEDA_PENGESAHAN"


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


class CaraPengembalian(StrEnum):
    """How it is known that ACMT was told (the first three), or why it cannot be."""

    DIPANGGIL = "DIPANGGIL"
    """ACMT said done."""
    TERLIHAT = "TERLIHAT"
    """Its answer was lost, and ACMT shows it."""
    BERGANTI = "BERGANTI"
    """Its answer was lost, and ACMT has other stamps since."""
    TIDAK_ADA = "TIDAK_ADA"
    """ACMT knows no such reading."""
    TANPA_FUNGSI = "TANPA_FUNGSI"
    """This kind of database has no such call."""


class StatusPesan(StrEnum):
    """Where a message to a person or a channel stands."""

    MENUNGGU = "MENUNGGU"
    GAGAL = "GAGAL"
    TERKIRIM = "TERKIRIM"
    MENYERAH = "MENYERAH"
    USANG = "USANG"
    LEWAT = "LEWAT"
    TANPA_ALAMAT = "TANPA_ALAMAT"


class Riwayat(StrEnum):
    """What happened to one customer in a month, in ACMT, here and in AP2T."""

    DIBACA = "DIBACA"
    DIUBAH = "DIUBAH"
    VERIFIKASI_PENGAWAS = "VERIFIKASI_PENGAWAS"
    VERIFIKASI_VENDOR = "VERIFIKASI_VENDOR"
    DIKIRIM_ACMT = "DIKIRIM_ACMT"
    CUPLIKAN = "CUPLIKAN"
    PEMBATALAN_DIPERIKSA = "PEMBATALAN_DIPERIKSA"
    LOLOS = "LOLOS"
    TERTAHAN = "TERTAHAN"
    GERBANG_DIBUKA = "GERBANG_DIBUKA"
    DISETUJUI = "DISETUJUI"
    DITOLAK_PENGESAH = "DITOLAK_PENGESAH"
    DIKEMBALIKAN = "DIKEMBALIKAN"
    PENGEMBALIAN_SELESAI = "PENGEMBALIAN_SELESAI"
    PENGEMBALIAN_GAGAL = "PENGEMBALIAN_GAGAL"
    BATCH_DIKIRIM = "BATCH_DIKIRIM"
    BATCH_BATAL = "BATCH_BATAL"
    POSTING = "POSTING"
    SUDAH_POSTING = "SUDAH_POSTING"
    DITOLAK = "DITOLAK"
    BERUBAH = "BERUBAH"
    BATAL = "BATAL"
    BELUM_POSTING = "BELUM_POSTING"
    DILUAR_SISTEM_DIPOSTING = "DILUAR_SISTEM_DIPOSTING"
    DILUAR_SISTEM_DIBATALKAN = "DILUAR_SISTEM_DIBATALKAN"
    SUPLAI_STAN = "SUPLAI_STAN"
    SESI_SELESAI = "SESI_SELESAI"
    SESI_DITOLAK = "SESI_DITOLAK"
    SESI_NIHIL = "SESI_NIHIL"
    SESI_DIAMBIL_ALIH = "SESI_DIAMBIL_ALIH"
    SESI_KEDALUWARSA = "SESI_KEDALUWARSA"
    BACAAN_DIARSIPKAN = "BACAAN_DIARSIPKAN"
