"""What the command hands out: numbers exact, cells no formula, names of columns the same in every format."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ap2t.cli import keluaran as cli_keluaran
from ap2t.cli.keluaran import Format, keluarkan
from ap2t.galat import MasukanTidakSah
from ap2t.lihat import lembar as keluaran
from ap2t.lihat.lembar import aman, pasti

NS = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
KOLOM = ("idpel", "kwh", "catatan")
BAHAYA = ["=1+1", "+62", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("http://x")', "\n=1"]
angka = st.decimals(min_value=0, max_value=Decimal("999999999999.999999"), places=6)
teks = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)


def baca_xlsx(berkas: Path, lembar: int = 1) -> list[list[tuple[str, str]]]:
    """Return (type, text) of every cell, row by row, as they stand in the file itself."""
    with zipfile.ZipFile(berkas) as z:
        akar = ET.fromstring(z.read(f"xl/worksheets/sheet{lembar}.xml"))  # noqa: S314 -- our own file
    assert akar.findall(".//x:f", NS) == []
    hasil = []
    for baris in akar.findall(".//x:row", NS):
        sel = []
        for c in baris.findall("x:c", NS):
            isi = c.find("x:is/x:t", NS)
            nilai = isi if isi is not None else c.find("x:v", NS)
            sel.append((c.get("t", "n"), (nilai.text or "") if nilai is not None else ""))
        hasil.append(sel)
    return hasil


@given(teks)
def test_tidak_ada_rumus(isi: str) -> None:
    """No text starts as a formula does, and nothing but an apostrophe is added."""
    hasil = aman(isi)
    assert not hasil.lstrip().startswith(("=", "+", "-", "@"))
    assert hasil in (isi, f"'{isi}")


@pytest.mark.parametrize("isi", BAHAYA)
def test_bahaya_dijinakkan_di_csv_dan_xlsx(isi: str, tmp_path: Path) -> None:
    """The known tricks: an apostrophe in CSV; in XLSX a text cell and never a formula or a link."""
    baris = [{"idpel": "1" * 12, "kwh": Decimal("-1.5"), "catatan": isi}]
    keluarkan(KOLOM, baris, Format.CSV, tmp_path / "a.csv")
    [_, satu] = csv.reader(io.StringIO((tmp_path / "a.csv").read_bytes().decode(), newline=""))
    assert satu == ["1" * 12, "-1.5", f"'{isi}"]
    keluarkan(KOLOM, baris, Format.XLSX, tmp_path / "a.xlsx")
    [_, sel] = baca_xlsx(tmp_path / "a.xlsx")
    assert [jenis for jenis, _ in sel] == ["inlineStr", "n", "inlineStr"]
    with zipfile.ZipFile(tmp_path / "a.xlsx") as z:
        assert not [n for n in z.namelist() if "rels" in n and b"hyperlink" in z.read(n)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.tuples(angka, teks), max_size=5))
def test_angka_pasti_di_setiap_bentuk(tmp_path: Path, isi: list[tuple[Decimal, str]]) -> None:
    """Every digit comes back from CSV, JSON and XLSX."""
    baris = [{"idpel": f"{n:012d}", "kwh": a, "catatan": t} for n, (a, t) in enumerate(isi)]
    for bentuk in (Format.CSV, Format.JSON, Format.XLSX):
        assert keluarkan(KOLOM, baris, bentuk, tmp_path / f"a.{bentuk}") == len(baris)
    dari_csv = list(csv.DictReader((tmp_path / "a.csv").open(encoding="utf-8", newline="")))
    dari_json = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    [kepala, *dari_xlsx] = baca_xlsx(tmp_path / "a.xlsx")
    assert [t for _, t in kepala] == list(KOLOM)
    for (nilai, kata), c, j, x in zip(isi, dari_csv, dari_json, dari_xlsx, strict=True):
        assert Decimal(c["kwh"]) == Decimal(j["kwh"]) == Decimal(x[1][1]) == nilai
        assert x[1][0] == ("n" if pasti(nilai) else "inlineStr")
        assert j["catatan"] == kata
        assert c["catatan"] == aman(kata)


def test_idpel_tetap_teks(tmp_path: Path) -> None:
    """Twelve digits stay text with their leading zeros, in XLSX and JSON."""
    keluarkan(KOLOM, [{"idpel": "001234567890"}], Format.XLSX, tmp_path / "a.xlsx")
    assert baca_xlsx(tmp_path / "a.xlsx")[1][0] == ("inlineStr", "001234567890")


def test_waktu_dengan_zona(tmp_path: Path) -> None:
    """An instant carries its offset."""
    saat = datetime(2026, 6, 3, 7, tzinfo=UTC)
    keluarkan(("pada",), [{"pada": saat}], Format.JSON, tmp_path / "a.json", zona="Asia/Jayapura")
    assert json.loads((tmp_path / "a.json").read_text()) == [{"pada": "2026-06-03T16:00:00+09:00"}]


def test_lembar_berikut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More rows than a sheet holds go on the next, with the head again."""
    monkeypatch.setattr(keluaran, "BARIS_XLSX", 3)
    keluarkan(("n",), ({"n": n} for n in range(7)), Format.XLSX, tmp_path / "a.xlsx")
    isi = [[t for _, t in b] for lembar in (1, 2, 3) for b in baca_xlsx(tmp_path / "a.xlsx", lembar)]
    assert isi == [["n"], ["0"], ["1"], ["2"], ["n"], ["3"], ["4"], ["5"], ["n"], ["6"]]


def test_kosong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing found: an empty array, a head alone, a sentence."""
    keluarkan(KOLOM, [], Format.JSON, None)
    keluarkan(KOLOM, [], Format.CSV, None)
    keluarkan(KOLOM, [], Format.TABEL, None)
    assert capsys.readouterr().out == "[\n]\nidpel,kwh,catatan\r\nTidak ada.\n"
    keluarkan(KOLOM, [], Format.XLSX, tmp_path / "a.xlsx")
    assert len(baca_xlsx(tmp_path / "a.xlsx")) == 1


def test_tabel_untuk_orang(capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers as an Indonesian reads them, cells that cannot break the table."""
    isi: list[dict[str, Any]] = [{"idpel": "1", "kwh": Decimal("12345.60"), "catatan": "a|b\nc"}, {"idpel": "2"}]
    keluarkan(KOLOM, isi, Format.TABEL, None, judul={"idpel": "Pelanggan", "kwh": "kWh", "catatan": "Catatan"})
    keluar = capsys.readouterr().out
    assert "12.345,6" in keluar
    assert "a/b c" in keluar
    assert keluar.splitlines()[0].split("|")[1].strip() == "Pelanggan"


def test_tujuan_yang_salah(tmp_path: Path) -> None:
    """XLSX wants a file; a file that cannot be written is told in a sentence."""
    with pytest.raises(typer.BadParameter, match="--ke"):
        keluarkan(KOLOM, [], Format.XLSX, None)
    for bentuk in (Format.CSV, Format.XLSX):
        with pytest.raises(MasukanTidakSah, match="tidak dapat ditulis"):
            keluarkan(KOLOM, [], bentuk, tmp_path / "tidak" / "ada")


def test_kemajuan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A long output tells how far it is, on stderr."""
    monkeypatch.setattr(cli_keluaran, "KABAR_TIAP", 2)
    keluarkan(("n",), ({"n": n} for n in range(5)), Format.CSV, tmp_path / "a.csv")
    assert capsys.readouterr().err.splitlines()[:2] == ["2 baris ...", "4 baris ..."]


def test_layar_tidak_digerakkan_isinya(tmp_path: Path) -> None:
    """What ACMT holds (a photo's address, a name) moves no cursor and draws no column."""
    keluarkan(KOLOM, [{"idpel": "1", "kwh": None, "catatan": "a\x1b[2J|b\nc\u202e"}], Format.TABEL, tmp_path / "t")
    isi = (tmp_path / "t").read_text()
    assert "a\\x1b[2J/b c\\u202e" in isi
    assert "\x1b" not in isi
