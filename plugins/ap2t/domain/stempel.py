"""Stamps: verification by Pengawas and Admin Vendor, and sending by Admin Vendor (SOP 12.1, rule 2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from ap2t.domain.kode import Berkata
from ap2t.domain.model import Bacaan, Peran, Petugas, tanpa_hari_baca
from ap2t.domain.pola import samakan


class AlasanStempel(Berkata):
    """Why a stamp is not valid."""

    BELUM_ADA = "BELUM_ADA", "belum ada"
    TIDAK_LENGKAP = "TIDAK_LENGKAP", "tidak lengkap"
    TANPA_TGL_BACA = "TANPA_TGL_BACA", "tidak dapat dinilai karena tanggal baca kosong"
    SEBELUM_BACA = "SEBELUM_BACA", "sebelum tanggal baca"
    SEBELUM_PERUBAHAN = "SEBELUM_PERUBAHAN", "sebelum perubahan data terakhir"
    DI_MASA_DEPAN = "DI_MASA_DEPAN", "bertanggal di masa depan"
    ORANG_SAMA = "ORANG_SAMA", "oleh orang yang sama dengan verifikasi lainnya"
    BUKAN_PETUGAS = "BUKAN_PETUGAS", "bukan oleh petugas unit yang berwenang"


class PetugasUnit:
    """The people of one unit: rows of ``v_petugas`` that are of this unit and active.

    :param unitup: the unit's 5-digit code.
    :param petugas: rows of ``v_petugas``, of any unit.
    """

    def __init__(self, unitup: str, petugas: Iterable[Petugas]) -> None:
        self.unitup = unitup
        self._orang: dict[tuple[str, str], Petugas] = {
            (orang.username, str(orang.peran)): orang
            for orang in petugas
            if orang.unitup == unitup and orang.aktif is True
        }
        self.pengawas = self._nama(Peran.PENGAWAS)
        self.admin_vendor = self._nama(Peran.ADMIN_VENDOR)
        self.ejaan_lain = frozenset(
            (pengawas, vendor)
            for pengawas in self.pengawas
            for vendor in self.admin_vendor
            if pengawas != vendor and samakan(pengawas) == samakan(vendor)
        )
        """One person under two spellings, as Pengawas and as Admin Vendor; almost always empty."""

    def memegang(self, username: str, peran: str) -> bool:
        """Whether this person holds this role in this unit now."""
        return (username, peran) in self._orang

    def pemegang(self, peran: str) -> tuple[Petugas, ...]:
        """All who hold this role in this unit, ordered by username."""
        return tuple(orang for (_, dipegang), orang in sorted(self._orang.items()) if dipegang == peran)

    def _nama(self, peran: str) -> frozenset[str]:
        return frozenset(nama for nama, dipegang in self._orang if dipegang == peran)


class StempelBacaan(NamedTuple):
    """The three stamps of one reading: None where valid, else why not."""

    pengawas: AlasanStempel | None
    vendor: AlasanStempel | None
    kirim: AlasanStempel | None

    @property
    def terverifikasi(self) -> bool:
        """Both verifications are valid."""
        return self.pengawas is None and self.vendor is None

    @property
    def sah(self) -> bool:
        """All three stamps are valid."""
        return self.pengawas is None and self.vendor is None and self.kirim is None


def periksa_stempel(bacaan: Bacaan, petugas: PetugasUnit, sekarang: datetime) -> StempelBacaan:
    """Judge the three stamps of one reading.

    A stamp is valid if person and time are set, the time is neither before ``tgl_baca`` nor before ``diubah_pada``
    (null: unchanged) nor after ``sekarang``, and the person holds the role in the unit; Pengawas and Admin Vendor
    must be different people (capitals and blanks at the ends make no other person). A ``diubah_pada`` that cannot be
    read makes every stamp void: nothing shows that the stamp is later than the change. A row of another unit than
    ``petugas`` has no valid stamp. Source: SOP 12.1, rule 2.

    :param sekarang: the instant to judge by, timezone-aware.
    """
    awal = _paling_awal(bacaan)
    sah_pengawas, sah_vendor = petugas.pengawas, petugas.admin_vendor
    if bacaan.unitup != petugas.unitup:
        sah_pengawas = sah_vendor = frozenset()
    oleh_pengawas, oleh_vendor = bacaan.verif_pengawas_oleh, bacaan.verif_vendor_oleh
    pengawas = _cap(
        bacaan, "verif_pengawas_pada", oleh_pengawas, bacaan.verif_pengawas_pada, sah_pengawas, awal, sekarang
    )
    vendor = _cap(bacaan, "verif_vendor_pada", oleh_vendor, bacaan.verif_vendor_pada, sah_vendor, awal, sekarang)
    kirim = _cap(bacaan, "kirim_pada", bacaan.kirim_oleh, bacaan.kirim_pada, sah_vendor, awal, sekarang)
    if oleh_pengawas is not None and (
        oleh_pengawas == oleh_vendor or (petugas.ejaan_lain and (oleh_pengawas, oleh_vendor) in petugas.ejaan_lain)
    ):
        pengawas, vendor = _orang_sama(pengawas), _orang_sama(vendor)
    return StempelBacaan(pengawas, vendor, kirim)


def _orang_sama(alasan: AlasanStempel | None) -> AlasanStempel:
    """Say that one person gave both verifications: it outweighs the role, not what is wrong with the stamp itself."""
    return AlasanStempel.ORANG_SAMA if alasan is None or alasan is AlasanStempel.BUKAN_PETUGAS else alasan


def _paling_awal(bacaan: Bacaan) -> datetime | None:
    """Return the earliest instant a stamp may carry, or None when it cannot be told."""
    baca, diubah = bacaan.tgl_baca, bacaan.diubah_pada
    if baca is None:
        if not tanpa_hari_baca(bacaan):
            return None
        baca = datetime.min.replace(tzinfo=UTC)
    if diubah is None:
        return None if bacaan.cacat and "diubah_pada" in bacaan.cacat else baca
    return diubah if diubah > baca else baca


def _cap(
    bacaan: Bacaan,
    kolom: str,
    oleh: str | None,
    pada: datetime | None,
    berwenang: frozenset[str],
    paling_awal: datetime | None,
    sekarang: datetime,
) -> AlasanStempel | None:
    """Judge one stamp by itself: the first thing that is wrong with it, the role last."""
    if oleh and pada is not None and paling_awal is not None and paling_awal <= pada <= sekarang and oleh.strip():
        return None if oleh in berwenang else AlasanStempel.BUKAN_PETUGAS
    bernama = oleh is not None and bool(oleh.strip())
    if pada is None or not bernama:
        kosong = pada is None and not bernama and kolom not in (bacaan.cacat or {})
        return AlasanStempel.BELUM_ADA if kosong else AlasanStempel.TIDAK_LENGKAP
    if bacaan.tgl_baca is None and not tanpa_hari_baca(bacaan):
        return AlasanStempel.TANPA_TGL_BACA
    if bacaan.tgl_baca is not None and pada < bacaan.tgl_baca:
        return AlasanStempel.SEBELUM_BACA
    diubah = bacaan.diubah_pada
    if pada < diubah if diubah is not None else "diubah_pada" in (bacaan.cacat or {}):
        return AlasanStempel.SEBELUM_PERUBAHAN
    return AlasanStempel.DI_MASA_DEPAN
