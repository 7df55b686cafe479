"""``ap2t jadwal``, and the page's table: what is due and not open is seen, and looking changes nothing."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from jadwal_fixtures import WIB, WITA, Medan
from typer.testing import CliRunner, Result

from ap2t.cli import app
from ap2t.domain.kalender import Kelompok, bulan_tambah
from ap2t.domain.teks import hari
from ap2t.web.kelompok import BarisKelompok, terlambat
from tests.perintah import keluar

KINI = hari(datetime.now(UTC))


@pytest.fixture
def kini(medan: Medan, monkeypatch: pytest.MonkeyPatch) -> Medan:
    """Calendar and readings of these days: B of one unit is late, A of another not ready yet, C not due."""
    monkeypatch.setenv("AP2T_KELOMPOK", "A,B,C")
    medan.bulan = bulan_tambah(f"{KINI:%Y%m}", 1)
    medan.hari = {"A": KINI, "B": KINI - timedelta(days=3), "C": KINI + timedelta(days=1)}
    medan.kalender(WIB, ("B", medan.hari["B"], 1), ("C", medan.hari["C"], 1))
    medan.kalender(WITA, ("A", medan.hari["A"], 1))
    medan.isi(WITA, "A", 5, belum=2)
    medan.jam = datetime.now(UTC)
    return medan


def jalankan(*argumen: str) -> Result:
    hasil = CliRunner().invoke(app, ["jadwal", *argumen])
    keluar(hasil)
    return hasil


def test_lihat_menyebut_yang_belum_dibuka(kini: Medan) -> None:
    """By default what is due and not open, with its counts and whether it is late; with --semua all that is known."""
    kini.tengok(datetime.now(UTC))
    baris = json.loads(jalankan("lihat", "--format", "json").stdout)
    assert [(b["unitup"], b["hari_baca"], b["keadaan"]) for b in baris] == [
        (WIB, "B", "LEWAT TENGGAT"),
        (WITA, "A", "DITUNGGU"),
    ]
    assert [baris[1][k] for k in ("pelanggan", "terisi", "terverifikasi", "terkirim")] == [5, 3, 3, 3]
    assert "BELUM JATUH TEMPO" in jalankan("lihat", "--semua").stdout
    satu = jalankan("lihat", "--unitup", WITA).stdout
    assert WITA in satu
    assert WIB not in satu
    kini.lengkapi(WITA, "A")
    kini.tengok(datetime.now(UTC))
    assert jalankan("lihat", "--unitup", WITA).stdout.strip() == "Tidak ada."
    assert "DIBUKA (SIAP)" in jalankan("lihat", "--unitup", WITA, "--semua").stdout


def test_tengok_uji_coba(kini: Medan) -> None:
    """The dry run on the command line writes nothing, and names the calendar's faults."""
    kini.kalender(WIB, ("Z", KINI, 1))
    sebelum = kini.isi_buku()
    hasil = jalankan("tengok", "--format", "json")
    baris = json.loads(hasil.stdout)
    assert {(b["unitup"], b["keadaan"]) for b in baris} == {(WIB, "KOSONG"), (WITA, "MENUNGGU")}
    assert any("2 belum terisi" in b["kalimat"] for b in baris)
    assert "Kelompok Z tidak ada di AP2T_KELOMPOK" in hasil.stderr
    assert kini.isi_buku() == sebelum


@pytest.mark.parametrize(
    ("mulai", "hari_", "pada", "harap"),
    [
        (date(2026, 5, 26), 1, datetime(2026, 5, 25, 15, 59, tzinfo=UTC), None),
        (date(2026, 5, 26), 1, datetime(2026, 5, 25, 16, 0, tzinfo=UTC), False),
        (date(2026, 5, 26), 2, datetime(2026, 5, 26, 15, 59, tzinfo=UTC), None),
        (date(2026, 5, 26), 1, datetime(2026, 5, 27, 3, 59, tzinfo=UTC), False),
        (date(2026, 5, 26), 1, datetime(2026, 5, 27, 4, 0, tzinfo=UTC), True),
        (date(2026, 5, 26), 1, datetime(2026, 6, 2, 15, 59, tzinfo=UTC), True),
        (date(2026, 5, 26), 1, datetime(2026, 6, 2, 16, 0, tzinfo=UTC), None),
    ],
)
def test_halaman_menandai_jatuh_tempo(mulai: date, hari_: int, pada: datetime, harap: bool | None) -> None:
    """The page marks what is due and not begun from the unit's own midnight on, and as late from the deadline on."""
    b = BarisKelompok("A", Kelompok("202606", "A", mulai, hari_), {}, None, None)
    assert terlambat(b, "Asia/Makassar", pada) is harap
    assert terlambat(b._replace(jadwal=None), "Asia/Makassar", pada) is None
