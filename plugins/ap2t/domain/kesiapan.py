"""Readiness of a kelompok hari baca: every reading filled, verified and sent (SOP 12.1, rule 2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from ap2t.domain.kata import KATA_KESIAPAN, KATA_STEMPEL
from ap2t.domain.kode import Tahap as Tahap
from ap2t.domain.model import KOLOM_STEMPEL, Bacaan, terisi
from ap2t.domain.stempel import PetugasUnit, StempelBacaan, periksa_stempel
from ap2t.domain.teks import ribuan

BELUM_ADA_STAN = "belum ada stan"

_MENENTUKAN = {*KOLOM_STEMPEL, "tgl_baca", "diubah_pada"}


class BelumSiapBaris(NamedTuple):
    """A row that is not ready, and why (Indonesian, without readings or names)."""

    idpel: str
    alasan: str


def alasan_belum_siap(bacaan: Bacaan, tahap: Tahap, petugas: PetugasUnit, sekarang: datetime) -> str | None:
    """Say in short Indonesian why a row has not reached a stage, or None when it has. Each stage is judged alone."""
    if tahap is Tahap.STAN_TERISI:
        return None if terisi(bacaan) else BELUM_ADA_STAN
    return _alasan_stempel(bacaan, periksa_stempel(bacaan, petugas, sekarang), tahap)


def siap_penuh(bacaan: Bacaan, petugas: PetugasUnit, sekarang: datetime) -> bool:
    """Tell whether a row is ready: it has a stan and three valid stamps (the rule of BERTAHAP)."""
    return terisi(bacaan) and periksa_stempel(bacaan, petugas, sekarang).sah


def _alasan_stempel(bacaan: Bacaan, stempel: StempelBacaan, tahap: Tahap) -> str | None:
    """Say what is wrong with the stamps of a stage, and name the columns that ACMT gives no usable value in."""
    if tahap is Tahap.TERKIRIM:
        cap, sebab = "pengiriman Admin Vendor", stempel.kirim
    elif stempel.pengawas is not None:
        cap, sebab = "verifikasi Pengawas", stempel.pengawas
    else:
        cap, sebab = "verifikasi Admin Vendor", stempel.vendor
    if sebab is None:
        return None
    rusak = ", ".join(sorted(_MENENTUKAN.intersection(bacaan.cacat or ())))
    return f"{cap} {KATA_STEMPEL[sebab]}" + (f" (isi {rusak} tidak terbaca)" if rusak else "")


class KesiapanKelompok:
    """Counts the readiness of one kelompok, chunk by chunk, in constant memory.

    :param petugas: the people of the unit.
    :param sekarang: the instant to judge by, timezone-aware; the same for every chunk.
    :param maks_contoh: how many rows that are not ready are kept per stage, for the log.
    """

    def __init__(self, petugas: PetugasUnit, sekarang: datetime, *, maks_contoh: int = 20) -> None:
        self.petugas = petugas
        self.sekarang = sekarang
        self.maks_contoh = maks_contoh
        self.total = 0
        self.siap_semua = 0
        self.contoh: dict[Tahap, list[BelumSiapBaris]] = {tahap: [] for tahap in Tahap}
        self.sebab: dict[Tahap, Counter[str]] = {tahap: Counter() for tahap in Tahap}

    def hitung(self, baris: Iterable[Bacaan]) -> None:
        """Take in one chunk of rows."""
        petugas, sekarang = self.petugas, self.sekarang
        for bacaan in baris:
            self.total += 1
            stempel = periksa_stempel(bacaan, petugas, sekarang)
            ada_stan = terisi(bacaan)
            if ada_stan and stempel.sah:
                self.siap_semua += 1
                continue
            if not ada_stan:
                self._catat(bacaan, Tahap.STAN_TERISI, BELUM_ADA_STAN)
            for tahap in (Tahap.TERVERIFIKASI, Tahap.TERKIRIM):
                alasan = _alasan_stempel(bacaan, stempel, tahap)
                if alasan is not None:
                    self._catat(bacaan, tahap, alasan)

    def _catat(self, bacaan: Bacaan, tahap: Tahap, alasan: str) -> None:
        self.sebab[tahap][alasan] += 1
        contoh = self.contoh[tahap]
        if len(contoh) < self.maks_contoh:
            contoh.append(BelumSiapBaris(bacaan.idpel, alasan))

    def jumlah_siap(self, tahap: Tahap) -> int:
        """How many rows have reached this stage."""
        return self.total - self.sebab[tahap].total()

    def siap(self, tahap: Tahap) -> bool:
        """Tell whether every row has reached this stage. A kelompok without rows has not: its list is not there yet."""
        return self.total > 0 and not self.sebab[tahap]

    def ringkas(self, tahap: Tahap) -> str:
        """One Indonesian sentence for the log: counts, reasons, and the first idpel that are missing."""
        if not self.total:
            return f"{KATA_KESIAPAN[tahap]}: tidak ada pelanggan pada kelompok ini di ACMT."
        kalimat = f"{KATA_KESIAPAN[tahap]}: {ribuan(self.jumlah_siap(tahap))} dari {ribuan(self.total)} pelanggan"
        sebab = self.sebab[tahap]
        if not sebab:
            return f"{kalimat}, lengkap."
        rincian = "; ".join(f"{alasan}: {ribuan(jumlah)}" for alasan, jumlah in sebab.most_common())
        contoh = ", ".join(f"{baris.idpel} ({baris.alasan})" for baris in self.contoh[tahap])
        kurang = sebab.total()
        awal = f"{len(self.contoh[tahap])} pertama: " if kurang > len(self.contoh[tahap]) else ""
        return f"{kalimat}, {ribuan(kurang)} belum ({rincian}). {awal}{contoh}."
