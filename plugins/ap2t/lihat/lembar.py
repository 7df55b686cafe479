"""Rows as files a spreadsheet opens: CSV and XLSX, streamed, exact, and never a formula.

Numbers stay exact: CSV holds their digits, XLSX a number where a spreadsheet's 15 digits suffice and text where they do
not. A text that a spreadsheet would take for a formula is no formula: in XLSX cells are written as text, in CSV such a
text gets an apostrophe in front.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from ap2t.domain.angka import kanonik
from ap2t.domain.teks import ZONA_PUSAT

IsiBaris = Mapping[str, Any]
"""One row, by column; what it lacks is an empty cell."""
BARIS_XLSX = 1_000_000
"""Rows of one sheet; further ones go on the next."""
_RUMUS = ("=", "+", "-", "@")
_PISAH = ("\t", "\r", "\n")
_DIGIT_PASTI = 15


def judul(*kolom: str, **lain: str) -> dict[str, str]:
    """Return columns' titles for the screen: names as a person writes them, where ``lain`` has no other."""
    return {nama: lain.get(nama) or nama.replace("_", " ").capitalize() for nama in kolom}


def aman(teks: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{teks}" if teks.lstrip().startswith(_RUMUS) or teks.startswith(_PISAH) else teks


def pasti(nilai: int | Decimal) -> bool:
    """Tell whether a spreadsheet holds a number without loss: it keeps 15 significant digits."""
    return Decimal(nilai).is_finite() and len(Decimal(nilai).normalize().as_tuple().digits) <= _DIGIT_PASTI


def nilai_json(nilai: object, zona: str = ZONA_PUSAT) -> object:
    """A value as JSON holds it: decimals as canonical text, instants with their offset."""
    if isinstance(nilai, Decimal):
        return kanonik(nilai)
    if isinstance(nilai, datetime):
        return nilai.astimezone(ZoneInfo(zona)).isoformat()
    if isinstance(nilai, list | tuple):
        return [nilai_json(bagian, zona) for bagian in nilai]
    return nilai


def sel_csv(nilai: object, zona: str) -> object:
    """A value as a CSV writer takes it."""
    isi = datar(nilai, zona)
    return aman(isi) if isinstance(isi, str) and not isinstance(nilai, Decimal) else isi


def datar(nilai: object, zona: str) -> int | str:
    """A value as one cell."""
    if nilai is None:
        return ""
    if isinstance(nilai, bool):
        return "ya" if nilai else "tidak"
    if isinstance(nilai, int):
        return nilai
    isi = nilai_json(nilai, zona)
    return " ".join(map(str, isi)) if isinstance(isi, list) else str(isi)


def tulis_csv(
    berkas: TextIO, kolom: Sequence[str], baris: Iterable[IsiBaris], zona: str, *, kepala: bool = True
) -> None:
    """Write rows as CSV into a file that translates no line ends, the columns' names first if ``kepala``.

    They end with the writer's own CRLF (RFC 4180): with LF alone a lone CR in a cell would not be quoted.
    """
    penulis = csv.writer(berkas)
    if kepala:
        penulis.writerow(kolom)
    penulis.writerows([sel_csv(isi.get(nama), zona) for nama in kolom] for isi in baris)


def tulis_xlsx(ke: Path, lembar: str, kolom: Sequence[str], baris: Iterable[IsiBaris], zona: str) -> None:
    """Write a workbook row by row, in constant memory, and leave nothing beside it. Not to be written: OSError."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    pilihan = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with TemporaryDirectory(prefix="ap2t-") as samping:
        buku = xlsxwriter.Workbook(str(ke), {**pilihan, "tmpdir": samping})
        tebal = buku.add_format({"bold": True})
        halaman, nomor = None, 0
        for isi in baris:
            if halaman is None or nomor > BARIS_XLSX:
                halaman, nomor = _lembar(buku, lembar, kolom, tebal), 1
            for ke_kanan, nama in enumerate(kolom):
                _sel(halaman, nomor, ke_kanan, isi.get(nama), zona)
            nomor += 1
        if halaman is None:
            _lembar(buku, lembar, kolom, tebal)
        try:
            buku.close()
        except FileCreateError as galat:
            asal = galat.args[0]
            raise OSError(getattr(asal, "errno", None), getattr(asal, "strerror", None) or str(galat)) from None


def _lembar(buku: Any, nama: str, kolom: Sequence[str], tebal: Any) -> Any:
    ke = len(buku.worksheets()) + 1
    halaman = buku.add_worksheet(nama[:28] if ke == 1 else f"{nama[:24]} {ke}")
    for ke_kanan, judul in enumerate(kolom):
        halaman.write_string(0, ke_kanan, judul, tebal)
    halaman.freeze_panes(1, 0)
    return halaman


def _sel(halaman: Any, nomor: int, ke_kanan: int, nilai: object, zona: str) -> None:
    if nilai is None:
        return
    if isinstance(nilai, int | Decimal) and not isinstance(nilai, bool) and pasti(nilai):
        halaman.write_number(nomor, ke_kanan, nilai)
    else:
        halaman.write_string(nomor, ke_kanan, str(datar(nilai, zona)))
