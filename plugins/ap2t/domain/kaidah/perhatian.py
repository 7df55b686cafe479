"""Which of the flagged rows a person should look at first, and why."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import NamedTuple

from ap2t.domain.angka import NOL, muat_kontrak
from ap2t.domain.kaidah.fakta import Fakta
from ap2t.domain.kaidah.saring import Saringan
from ap2t.domain.kaidah.tahan import sebut
from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.domain.model import HasilSaring
from ap2t.domain.teks import ribuan

UKURAN_MAKS = 9
_SATU = Decimal(1)
_SEPERSEPULUH = Decimal("0.1")
_PORSI = Decimal(2) / Decimal(15)
"""A third of 40 %: three spreads are what DI_LUAR_KEBIASAAN allows at least."""


class Perhatian(NamedTuple):
    """How much a row asks to be looked at.

    ``nilai``: :func:`perhatian`'s number, one decimal, HALF UP. ``harapan``: the kWh that was to be expected, and
    ``asal`` where it comes from; None: nothing was. ``simpangan``: its spread in kWh. ``kali``: by how many spreads the
    kWh moved, one decimal. ``tanda``: the flags that count.
    """

    nilai: Decimal
    kwh: Decimal | None
    harapan: Decimal | None
    asal: str
    simpangan: Decimal | None
    kali: Decimal
    tanda: tuple[Dlpd, ...]

    @property
    def kalimat(self) -> str:
        """Say why the row stands where it stands, as half a sentence."""
        bobot = " + ".join(f"{satu.isi.bobot} ({satu.kata})" for satu in self.tanda)
        if self.harapan is None:
            return f"{ribuan(self.nilai)} = bobot {bobot}; tidak ada bulan untuk dibandingkan"
        return (
            f"{ribuan(self.nilai)} = bobot {bobot}, dikalikan 1 + {ribuan(self.kali)}: {sebut(self.kwh)} kWh "
            f"terhadap {sebut(self.harapan)} kWh ({self.asal}), per {sebut(self.simpangan)} kWh, "
            f"paling banyak {UKURAN_MAKS}"
        )


def perhatian(saringan: Saringan, fakta: Fakta) -> Perhatian | None:
    """Weigh a row that passed: the sum of its flags' weights x (1 + how far its kWh moved), or None without a flag.

    How far: |kWh - expected| in units of the expected value's own spread, 9 at most. Expected is the median of the
    customer's months where twelve are known, else the mean of three months, else last month's kWh; with none of them
    nothing moved. The spread is the MAD, but at least 2/15 of the expected kWh (a third of the 40 % that are usual) and
    at least 1 kWh. A row that is held is not weighed: it cannot be approved.
    """
    if saringan.hasil != HasilSaring.LOLOS or not saringan.dlpd:
        return None
    bobot = Decimal(sum(satu.isi.bobot for satu in saringan.dlpd))
    harapan, asal = _harapan(fakta)
    kwh, simpangan, kali = saringan.kwh, None, NOL
    with localcontext(prec=40):
        if harapan is not None and kwh is not None:
            simpangan = max(fakta.riwayat.mad or NOL, harapan * _PORSI, _SATU)
            kali = min(abs(kwh - harapan) / simpangan, Decimal(UKURAN_MAKS))
            simpangan = simpangan.quantize(_SEPERSEPULUH, rounding=ROUND_HALF_UP)
        nilai = (bobot * (1 + kali)).quantize(_SEPERSEPULUH, rounding=ROUND_HALF_UP)
        kali = kali.quantize(_SEPERSEPULUH, rounding=ROUND_HALF_UP)
    return Perhatian(nilai, kwh, harapan, asal, simpangan, kali, saringan.dlpd)


def _harapan(fakta: Fakta) -> tuple[Decimal | None, str]:
    riwayat, bacaan = fakta.riwayat, fakta.bacaan
    calon = (
        (riwayat.median, f"median {riwayat.bulan} bulan"),
        (bacaan.pemkwh_rata3, "rata-rata 3 bulan"),
        (bacaan.pemkwh_lalu, "bulan lalu"),
    )
    return next(((nilai, asal) for nilai, asal in calon if nilai is not None and muat_kontrak(nilai)), (None, ""))
