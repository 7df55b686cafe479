"""The estimate of a bill's energy part: which price holds, what it comes to, and when there is none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ap2t.domain.harga import Harga, perkirakan
from ap2t.domain.kaidah.kwh import hitung
from ap2t.domain.model import Bacaan, Pilihan

D = Decimal
LAMA = Harga("R1", D(900), D(2200), D(1000), D(1500), D(40), date(2026, 5, 1))
BARU = LAMA._replace(harga_lwbp=D("1444.805"), berlaku_dari=date(2026, 6, 1))
NANTI = LAMA._replace(harga_lwbp=D(9), berlaku_dari=date(2026, 6, 2))
SEMUA = [BARU, NANTI, LAMA, LAMA._replace(tarif="B1", harga_lwbp=D(7))]
BACAAN = Bacaan(
    *("535110000001", "53511", "202606", "A"),
    tarif="R1",
    daya=D(1300),
    fkmkwh=D(1),
    slalwbp=D(1000),
    sahlwbp=D(1150),
)


def rupiah(semua: list[Harga] = SEMUA, **ganti: object) -> tuple[Decimal, bool] | None:
    """Return what a reading costs by these prices, and whether it is the least that is billed."""
    bacaan = BACAAN._replace(**ganti)  # type: ignore[arg-type]
    kira = perkirakan(bacaan, hitung(bacaan), semua)
    if kira is None:
        return None
    assert kira.harga in semua
    return kira.rupiah, kira.minimum


def test_harga_yang_berlaku_pada_tanggal_satu() -> None:
    """The latest price in force on the month's first day counts, that day included; a later one does not."""
    assert rupiah() == (D(216721), False)  # 150 x 1444.805 = 216720.75
    assert rupiah(thblrek="202605") == (D(150_000), False)
    assert rupiah([BARU, LAMA._replace(harga_lwbp=D(9999), daya_sampai=D(9999))]) == (D(216721), False)
    assert rupiah(thblrek="202604") is None


@pytest.mark.parametrize(("daya", "ada"), [("899", False), ("900", True), ("2200", True), ("2201", False)])
def test_batas_daya(daya: str, ada: bool) -> None:
    """A price holds for its range of daya, both ends included, and for its tariff alone."""
    assert (rupiah([LAMA], thblrek="202605", daya=D(daya)) is not None) is ada
    assert rupiah([LAMA], thblrek="202605", tarif="S2") is None


def test_minimum_dan_dua_register() -> None:
    """Forty hours are billed at least; LWBP and WBP have each their price; no meter, one price."""
    assert rupiah([LAMA], sahlwbp=D(1051)) == (D(52_000), True)  # 40 x 1.3 x 1000
    assert rupiah([LAMA], sahlwbp=D(1052)) == (D(52_000), False)
    assert rupiah([LAMA._replace(jam_minimum=None)], sahlwbp=D(1001)) == (D(1000), False)
    assert rupiah([LAMA], slawbp=D(10), sahwbp=D(20)) == (D(165_000), False)
    abonemen = {"slalwbp": None, "sahlwbp": None, "pilihan": Pilihan(jam_abonemen=D(375))}
    assert rupiah([LAMA], **abonemen) == (D(487_500), False)


def test_pembulatan_dan_yang_tidak_terhitung() -> None:
    """Half a rupiah rounds up. Without kWh or daya there is nothing to tell, and no number is too large to be asked."""
    assert rupiah([LAMA._replace(harga_lwbp=D("0.03"), jam_minimum=None)]) == (D(5), False)  # 4.5
    assert rupiah(sahlwbp=D(900)) is None
    assert rupiah(daya=None) is None
    assert rupiah([LAMA._replace(harga_lwbp=D("1E+900"))]) is None
    tepat = LAMA._replace(harga_lwbp=D("9.624999999999999999999999999999"))
    assert rupiah([tepat], sahlwbp=D(1000)) == (D(500), True)  # 500.49999…: no digit is lost before the one rounding
