"""A year of real homes goes through the sieve: nothing plain is held, and about one row in five is flagged.

``pytest -s`` prints the shares that the operator's guide tells (part 8). The homes' source: tests/data/README.md.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise, product
from pathlib import Path
from typing import NamedTuple

import pytest

from ap2t.domain.kaidah.saring import saring
from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.domain.model import Aturan, Bacaan, HasilSaring, Ketentuan, Pilihan, StanLalu

D = Decimal
UJI = Path(__file__).parents[1]
PANDUAN = UJI.parent / "docs/operator/panduan.md"
DAYA_PLN = (450, 900, 1300, 2200, 3500, 4400, 5500, 6600, 7700, 10600, 13200, 16500, 23000)
PAS, LONGGAR = 500, 150
"""Hours that a home's highest month may take at most: its daya is PLN's smallest step that allows it."""
ADA_RIWAYAT = 3
"""From this month on (0: the first) all comparisons can be made."""
KETAT = Ketentuan(stan_tidak_sambung="tahan", faktor_berubah="tahan")
"""The strictest that a unit can ask for."""
TANGGAL = [datetime(2025, 12, 20, 3, tzinfo=UTC), *(datetime(2026, b, 20, 3, tzinfo=UTC) for b in range(1, 13))]

with (UJI / "data/rumah.csv").open(encoding="utf-8") as berkas:
    RUMAH = {meter: tuple(map(D, bulan)) for meter, *bulan in list(csv.reader(berkas))[1:]}


class Cara(NamedTuple):
    """How a home is metered: digits of its register, the smallest step that is read, the factor, the daya's hours."""

    digit: int
    langkah: Decimal
    fkm: int = 1
    jam: int = PAS


RUMAH_TANGGA = [Cara(digit, langkah) for digit, langkah in product((5, 6), (D(1), D("0.01")))]
SEMUA_CARA = [*RUMAH_TANGGA, *(cara._replace(fkm=20) for cara in RUMAH_TANGGA), Cara(5, D(1), jam=LONGGAR)]


class Baris(NamedTuple):
    """One month of one home: its row, what was posted before, and what is true of it by the sums of its use."""

    bulan: int
    bacaan: Bacaan
    lalu: StanLalu | None
    kwh: Decimal
    berputar: bool


def daya(pakai: tuple[Decimal, ...], jam: int) -> int:
    return next(va for va in DAYA_PLN if max(pakai) * 1000 <= jam * va)


def awal(nomor: int, pakai: tuple[Decimal, ...], ujung: Decimal) -> Decimal:
    """Return where the register begins: two of three pass its end, half of those to stand at 0, in every month."""
    bulan = nomor // 3 % 12
    if nomor % 3 == 2:
        return D("1234.56") + 97 * nomor
    sampai = ujung - sum(pakai[: bulan + 1])
    return sampai if nomor % 3 else sampai + pakai[bulan] / 2


def setahun(nomor: int, pakai: tuple[Decimal, ...], cara: Cara) -> Iterator[Baris]:
    """Yield a home's twelve rows, as an ACMT without a fault holds them.

    What is true is taken from sums that know no end of a register: only the stans have one.
    """
    ujung = D(10**cara.digit)
    jumlah = [n // cara.langkah * cara.langkah for n in accumulate(pakai, initial=awal(nomor, pakai, ujung))]
    stan = [n % ujung for n in jumlah]
    kwh = [(kini - lalu) * cara.fkm for lalu, kini in pairwise(jumlah)]
    for b in range(12):
        yield Baris(
            b,
            Bacaan(
                f"5351{nomor:08}",
                "53511",
                f"2026{b + 1:02}",
                "A",
                daya=D(daya(pakai, cara.jam) * cara.fkm),
                fkmkwh=D(cara.fkm),
                digit_meter=D(cara.digit),
                tgl_baca=TANGGAL[b + 1],
                slalwbp=stan[b],
                sahlwbp=stan[b + 1],
                pemkwh=kwh[b],
                pemkwh_lalu=kwh[b - 1] if b else None,
                pemkwh_rata3=(sum(kwh[b - 3 : b]) / D(3)).quantize(D("0.01")) if b >= ADA_RIWAYAT else None,
                foto_url="https://foto/1.jpg",
                pilihan=Pilihan(tgl_baca_lalu=TANGGAL[b]),
            ),
            StanLalu(f"2026{b:02}", stan[b], None, D(cara.fkm)) if b else None,
            kwh[b],
            jumlah[b] < ujung <= jumlah[b + 1],
        )


def semua(cara: Cara, meter: str = "") -> list[Baris]:
    return [
        baris
        for nomor, (nama, pakai) in enumerate(RUMAH.items())
        if nama.startswith(meter)
        for baris in setahun(nomor, pakai, cara)
    ]


def aturan(baris: Baris) -> Aturan:
    hari = TANGGAL[baris.bulan + 1]
    return Aturan(rentang_baca=(hari - timedelta(7), hari + timedelta(1)), ketentuan=KETAT)


def tanda(baris: Baris) -> set[Dlpd]:
    """Return the flags that the row has by the words of the operator's guide, in fractions."""
    kwh, jam = Fraction(baris.kwh), Fraction(baris.kwh) * 1000 / Fraction(baris.bacaan.daya or 0)
    ada = {Dlpd.ROLLOVER: baris.berputar, Dlpd.KWH_NOL: kwh == 0}
    ada |= {Dlpd.JAM_NYALA_TINGGI: jam >= 720, Dlpd.JAM_NYALA_RENDAH: 0 < jam < 40}
    if baris.bacaan.pemkwh_lalu:
        banding = kwh / Fraction(baris.bacaan.pemkwh_lalu)
        ada |= {Dlpd.NAIK_50: banding >= Fraction(3, 2), Dlpd.TURUN_50: banding <= Fraction(1, 2)}
    if baris.bacaan.pemkwh_rata3:
        ada[Dlpd.DI_ATAS_RATA3] = kwh / Fraction(baris.bacaan.pemkwh_rata3) > Fraction(3, 2)
    return {satu for satu, benar in ada.items() if benar}


def test_rumah() -> None:
    """The file holds what the rest builds on: many homes, whole years, use in every month."""
    assert len(RUMAH) == 35
    assert {len(pakai) for pakai in RUMAH.values()} == {12}
    assert all(1 < kwh < 2000 for pakai in RUMAH.values() for kwh in pakai)
    assert len({daya(pakai, PAS) for pakai in RUMAH.values()}) >= 5


@pytest.mark.parametrize("cara", SEMUA_CARA, ids=str)
def test_tidak_ada_yang_ditahan(cara: Cara) -> None:
    """A plain row passes with its exact kWh and the flags that its use earns, with no reason and no other flag."""
    baris = semua(cara)
    assert len(baris) == 12 * len(RUMAH)
    for satu in baris:
        hasil = saring(satu.bacaan, aturan(satu), satu.lalu)
        assert (hasil.hasil, hasil.alasan) == (HasilSaring.LOLOS, ()), satu
        assert (hasil.kwh, set(hasil.dlpd)) == (satu.kwh, tanda(satu)), satu


@pytest.mark.parametrize("cara", RUMAH_TANGGA, ids=str)
def test_berputar(cara: Cara) -> None:
    """Registers pass their end in every month of the year, some to stand at 0 exactly; each such row says so."""
    putar = [satu for satu in semua(cara) if satu.berputar]
    assert {satu.bulan for satu in putar} == set(range(12))
    assert {satu.bacaan.sahlwbp == 0 for satu in putar} == {True, False}
    for satu in putar:
        assert satu.bacaan.slalwbp is not None
        assert satu.bacaan.sahlwbp is not None
        assert satu.bacaan.sahlwbp < satu.bacaan.slalwbp
        hasil = saring(satu.bacaan, aturan(satu), satu.lalu)
        assert Dlpd.ROLLOVER in hasil.dlpd
        assert hasil.kwh == satu.bacaan.sahlwbp + 10**cara.digit - satu.bacaan.slalwbp


@pytest.mark.parametrize("cara", SEMUA_CARA, ids=str)
def test_yang_rusak_ditahan(cara: Cara) -> None:
    """The same rows with one fault each are held for it: that nothing is held above is no sleep of the sieve."""
    for satu in semua(cara):
        b, lalu = satu.bacaan, satu.lalu
        assert saring(b._replace(pemkwh=satu.kwh + 1), aturan(satu), lalu).alasan == (Alasan.SELISIH_KWH,)
        if lalu is not None:
            kali = b._replace(fkmkwh=D(2 * cara.fkm), pemkwh=2 * satu.kwh)
            assert Alasan.FAKTOR_BERUBAH in saring(kali, aturan(satu), lalu).alasan
            for geser in (-1, 1):
                putus = lalu._replace(lwbp=(lalu.lwbp or D(0)) + geser)
                assert saring(b, aturan(satu), putus).alasan == (Alasan.STAN_TIDAK_SAMBUNG,)
        if satu.berputar:
            buta = saring(b._replace(digit_meter=None), aturan(satu), lalu)
            assert buta.alasan == (Alasan.STAN_MUNDUR,)
        mundur = b._replace(slalwbp=b.sahlwbp, sahlwbp=b.slalwbp, pemkwh=None)
        assert saring(mundur, aturan(satu), None).hasil is HasilSaring.DITAHAN


def persen(bagian: int, seluruh: int) -> str:
    return f"{100 * bagian / seluruh:.1f} %".replace(".", ",")


class Hitungan(NamedTuple):
    """How many rows there are, and how many of them are flagged: by month, by flag. A rollover does not count here.

    Two of three registers were set to pass their end, which says nothing of how often it happens.
    """

    baris: int
    bulan: Counter[int]
    tanda: Counter[Dlpd]

    def bagian(self, tanda: Dlpd | None = None) -> str:
        return persen(self.bulan.total() if tanda is None else self.tanda[tanda], self.baris)


def hitung(cara: list[Cara], dari: int = 0, meter: str = "") -> Hitungan:
    bulan: Counter[int] = Counter()
    ada: Counter[Dlpd] = Counter()
    baris = [satu for c in cara for satu in semua(c, meter) if satu.bulan >= dari]
    for satu in baris:
        dlpd = set(saring(satu.bacaan, aturan(satu), satu.lalu).dlpd) - {Dlpd.ROLLOVER}
        ada.update(dlpd)
        bulan[satu.bulan] += bool(dlpd)
    return Hitungan(len(baris), bulan, ada)


def test_bagian_yang_ditandai() -> None:
    """About a row in five is flagged, by comparison with the months before, and the guide tells these very numbers."""
    penuh, berlaku = hitung(RUMAH_TANGGA), hitung(RUMAH_TANGGA, ADA_RIWAYAT)
    belgia, california = (hitung(RUMAH_TANGGA, ADA_RIWAYAT, meter) for meter in ("BE", "CA"))
    longgar = hitung([cara._replace(jam=LONGGAR) for cara in RUMAH_TANGGA], ADA_RIWAYAT)
    sebulan = berlaku.baris // (12 - ADA_RIWAYAT)
    print(f"\n{len(RUMAH)} meter, 12 bulan, dibaca {len(RUMAH_TANGGA)} cara: {penuh.baris} baris, ditahan 0")
    print(f"ditandai {penuh.bagian()}, tanpa menghitung ROLLOVER")
    print(f"bulan 4 sampai 12, {berlaku.baris} baris: ditandai {berlaku.bagian()}")
    print(f"  Belgia {belgia.bagian()}, California {california.bagian()}; daya longgar {longgar.bagian()}")
    print("  tiap bulan:", "; ".join(persen(berlaku.bulan[b], sebulan) for b in range(ADA_RIWAYAT, 12)))
    for satu in Dlpd:
        if longgar.tanda[satu]:
            print(f"  {satu}: {berlaku.bagian(satu)}; daya longgar {longgar.bagian(satu)}")
    assert penuh.bulan[0] == 0  # nothing to be compared with
    assert 0.15 < berlaku.bulan.total() / berlaku.baris < 0.25
    assert all(0.02 < berlaku.bulan[b] / sebulan < 0.4 for b in range(ADA_RIWAYAT, 12))
    assert set(berlaku.tanda) == {Dlpd.JAM_NYALA_RENDAH, Dlpd.NAIK_50, Dlpd.TURUN_50, Dlpd.DI_ATAS_RATA3}
    ditulis = PANDUAN.read_text(encoding="utf-8").split("**Berapa yang wajar ditandai?**")[1].split("\n## ")[0]
    assert re.findall(r"\d+,\d %", ditulis) == [
        berlaku.bagian(),
        *(persen(ujung(berlaku.bulan.values()), sebulan) for ujung in (min, max)),
        *(berlaku.bagian(satu) for satu, _ in berlaku.tanda.most_common()),
        longgar.bagian(Dlpd.JAM_NYALA_RENDAH),
        longgar.bagian(),
    ]
