"""Numbers, names and instants as a person reads them; an instant in a named zone, never without its label."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from ap2t.domain import teks
from ap2t.domain.teks import akhir_hari, awal_hari, hari, setempat

MALAM = datetime(2026, 6, 3, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zona", "teks"),
    [
        ("Asia/Jakarta", "2026-06-04 00:30:00 WIB"),
        ("Asia/Makassar", "2026-06-04 01:30:00 WITA"),
        ("Asia/Jayapura", "2026-06-04 02:30:00 WIT"),
    ],
)
def test_waktu_setempat_dengan_label(zona: str, teks: str) -> None:
    assert setempat(MALAM, zona) == teks


def test_waktu_unit() -> None:
    """To the minute in the unit's zone; "-" where there is none; the last day there is stays in the zone it came in."""
    assert teks.waktu_unit(MALAM, "Asia/Makassar") == "04-06-2026 01:30 WITA"
    assert teks.waktu_unit(None, "Asia/Makassar") == "-"
    assert teks.waktu_unit(datetime.max.replace(tzinfo=UTC), "Asia/Makassar") == "31-12-9999 23:59 UTC"


def test_hari_menurut_jakarta() -> None:
    """Days of seals and periods begin at midnight in Jakarta; both ends of a day are instants."""
    assert hari(MALAM) == date(2026, 6, 4)
    assert awal_hari(date(2026, 6, 4)) == datetime(2026, 6, 3, 17, tzinfo=UTC)
    assert akhir_hari(date(2026, 6, 4)) == datetime(2026, 6, 4, 17, tzinfo=UTC)


def test_daftar_dan_baris() -> None:
    """A list names its first ten and counts the others; by lines it names all."""
    sebelas = [str(nomor) for nomor in range(11)]
    assert teks.daftar(sebelas[:2]) == "0, 1"
    assert teks.daftar(sebelas[:10]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9"
    assert teks.daftar(sebelas) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 dan 1 lainnya"
    assert teks.daftar(sebelas * 100, 1) == "0 dan 1.099 lainnya"
    assert list(teks.sebaris(sebelas, 5)) == ["0, 1, 2, 3, 4", "5, 6, 7, 8, 9", "10"]
    assert [len(baris.split(", ")) for baris in teks.sebaris(sebelas * 10)] == [100, 10]


@pytest.mark.parametrize(
    ("baru", "lama", "kata"),
    [("150", "100", "+50,0 %"), ("100", "150", "-33,3 %"), ("0.5", "1000", "-100,0 %"), ("7", "0", "-")],
)
def test_persen(baru: str, lama: str, kata: str) -> None:
    """A change has its sign and one decimal, and none is told of nothing."""
    assert teks.persen(Decimal(baru), Decimal(lama)) == kata


def test_masukan_orang_dalam_kalimat() -> None:
    """What somebody wrote stands in a sentence as it is: short, on one line, no Markdown, no address of its own."""
    assert teks.kutip("x" * 38) == f"'{'x' * 38}'"
    assert teks.kutip("x" * 39) == f"'{'x' * 36}..."
    assert teks.satu_baris("dua\nbaris\u202e, é") == r"dua\nbaris\u202e, é"
    assert teks.tanpa_markah("[a](b) *c* `d` dua kata") == r"\[a\]\(b\) \*c\* \`d\` dua kata"
    assert teks.tautan_halaman("http://x", "54110", 202606, "A/B") == "http://x/pengesahan/#/54110/202606/A%2FB"


def test_dari_json() -> None:
    """JSON from outside is read as it is asked for; what is none, or nested without end, is a plain ValueError."""
    assert teks.dari_json('{"a": 1.10}', parse_float=Decimal) == {"a": Decimal("1.10")}
    with pytest.raises(ValueError, match="Expecting value"):
        teks.dari_json("x")
    with pytest.raises(ValueError, match=r"^JSON nested too deep$"):
        teks.dari_json("[" * 100_000)
