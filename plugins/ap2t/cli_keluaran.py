"""How the ``ap2t`` command hands rows out: a table, CSV, JSON or XLSX, on the screen or in a file, streamed.

Numbers stay exact: JSON holds decimals as text, CSV as their digits, XLSX as a number where a spreadsheet's 15 digits
suffice and as text where they do not. A text that a spreadsheet would take for a formula is no formula: in XLSX cells
are written as text, in CSV such a text gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import json
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, TextIO
from zoneinfo import ZoneInfo

import typer

from ap2t.domain.angka import kanonik
from ap2t.domain.teks import ribuan, satu_baris
from ap2t.domain.waktu import ZONA_PUSAT, setempat
from ap2t.galat import MasukanTidakSah

Baris = Mapping[str, Any]


class Format(StrEnum):
    """What a command writes."""

    TABEL = "tabel"
    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"


PilihFormat = Annotated[Format, typer.Option("--format", help="Bentuk keluaran.")]
Ke = Annotated[Path | None, typer.Option("--ke", help="Berkas tujuan; kosong: layar.", dir_okay=False)]

KABAR_TIAP = 20_000
"""Rows between two progress lines."""
BARIS_XLSX = 1_000_000
"""Rows of one sheet; further ones go on the next."""
LAYAR = 100_000
"""Rows that a table holds at most; more is for a file."""
_RUMUS = ("=", "+", "-", "@")
_PISAH = ("\t", "\r", "\n")
_DIGIT_PASTI = 15


def aman(teks: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{teks}" if teks.lstrip().startswith(_RUMUS) or teks.startswith(_PISAH) else teks


def pasti(nilai: int | Decimal) -> bool:
    """Tell whether a spreadsheet holds a number without loss: it keeps 15 significant digits."""
    return Decimal(nilai).is_finite() and len(Decimal(nilai).normalize().as_tuple().digits) <= _DIGIT_PASTI


def tulis(
    kolom: Sequence[str],
    baris: Iterable[Baris],
    bentuk: Format,
    ke: Path | None,
    *,
    judul: Mapping[str, str] | None = None,
    zona: str = ZONA_PUSAT,
    lembar: str = "ap2t",
) -> int:
    """Write rows; return how many. On the screen and in files columns have the same names, but for a table's ``judul``.

    :param zona: in which instants are written. :param lembar: name of the XLSX sheet.
    A file that was there is replaced only by a whole one. A reader that closes the pipe (``head``) ends the command
    without a word.

    :raises BadParameter: XLSX without a file.
    :raises MasukanTidakSah: the file cannot be written, or there are too many rows for a table.
    """
    if bentuk is Format.XLSX and ke is None:
        raise typer.BadParameter("--format xlsx perlu --ke BERKAS.xlsx.")
    hitung = _Hitung(baris, kabar=ke is not None or not sys.stdout.isatty())
    try:
        with _tujuan(ke) as sasaran:
            if isinstance(sasaran, Path):
                _ke_berkas(sasaran, bentuk, kolom, hitung, zona, judul, lembar)
            else:
                _teks(sasaran, bentuk, kolom, hitung, zona, judul)
                sasaran.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains while it ends
        raise typer.Exit(1) from None
    except OSError as e:
        raise MasukanTidakSah(f"Berkas {ke or 'layar'} tidak dapat ditulis: {e.strerror or e}.") from None
    if ke is not None:
        typer.echo(f"{ribuan(hitung.jumlah)} baris ditulis ke {ke}.", err=True)
    return hitung.jumlah


class _Hitung:
    """Counts rows as they pass, and tells now and then how many."""

    def __init__(self, baris: Iterable[Baris], *, kabar: bool) -> None:
        self._baris, self._kabar, self.jumlah = baris, kabar, 0

    def __iter__(self) -> Iterator[Baris]:
        for b in self._baris:
            self.jumlah += 1
            if self._kabar and self.jumlah % KABAR_TIAP == 0:
                typer.echo(f"{ribuan(self.jumlah)} baris ...", err=True)
            yield b


@contextmanager
def _tujuan(ke: Path | None) -> Iterator[TextIO | Path]:
    """Yield the screen, or the path to write to: a file beside the wanted one, which takes its place once it is whole.

    What is no regular file (``/dev/stdout``, a named pipe) is written to as it is.
    """
    if ke is None:
        yield sys.stdout
        return
    if ke.exists() and not ke.is_file():
        yield ke
        return
    tujuan = ke.resolve()
    sementara = tujuan.with_name(f".{tujuan.name}.{os.getpid()}.sementara")
    try:
        sementara.touch(stat.S_IMODE(tujuan.stat().st_mode) if tujuan.exists() else 0o666)
        yield sementara
        sementara.replace(tujuan)
    finally:
        sementara.unlink(missing_ok=True)


def _ke_berkas(
    ke: Path,
    bentuk: Format,
    kolom: Sequence[str],
    baris: _Hitung,
    zona: str,
    judul: Mapping[str, str] | None,
    lembar: str,
) -> None:
    if bentuk is Format.XLSX:
        _xlsx(ke, lembar, kolom, baris, zona)
        return
    with ke.open("w", encoding="utf-8", newline="") as berkas:
        _teks(berkas, bentuk, kolom, baris, zona, judul)


def _teks(
    berkas: TextIO, bentuk: Format, kolom: Sequence[str], baris: _Hitung, zona: str, judul: Mapping[str, str] | None
) -> None:
    if bentuk is Format.JSON:
        _json(berkas, kolom, baris, zona)
    elif bentuk is Format.CSV:
        tulis_csv = csv.writer(berkas)  # its own CRLF (RFC 4180): with LF alone a lone CR in a cell would not be quoted
        tulis_csv.writerow(kolom)
        tulis_csv.writerows([_csv(b.get(k), zona) for k in kolom] for b in baris)
    else:
        _tabel(berkas, kolom, baris, zona, judul or {k: k for k in kolom})


def _json(berkas: TextIO, kolom: Sequence[str], baris: _Hitung, zona: str) -> None:
    """Write an array, one object a line."""
    berkas.write("[")
    for n, b in enumerate(baris):
        isi = json.dumps({k: ke_json(b.get(k), zona) for k in kolom}, ensure_ascii=False)
        berkas.write(f"{',' if n else ''}\n{isi}")
    berkas.write("\n]\n")


def ke_json(nilai: object, zona: str = ZONA_PUSAT) -> object:
    """A value as JSON holds it: decimals as canonical text, instants with their offset."""
    if isinstance(nilai, Decimal):
        return kanonik(nilai)
    if isinstance(nilai, datetime):
        return nilai.astimezone(ZoneInfo(zona)).isoformat()
    if isinstance(nilai, list | tuple):
        return [ke_json(n, zona) for n in nilai]
    return nilai


def _csv(nilai: object, zona: str) -> object:
    isi = _datar(nilai, zona)
    return aman(isi) if isinstance(isi, str) and not isinstance(nilai, Decimal) else isi


def _datar(nilai: object, zona: str) -> int | str:
    """A value as one cell."""
    if nilai is None:
        return ""
    if isinstance(nilai, bool):
        return "ya" if nilai else "tidak"
    if isinstance(nilai, int):
        return nilai
    isi = ke_json(nilai, zona)
    return " ".join(map(str, isi)) if isinstance(isi, list) else str(isi)


def _tabel(berkas: TextIO, kolom: Sequence[str], baris: _Hitung, zona: str, judul: Mapping[str, str]) -> None:
    from tabulate import tabulate

    isi: list[list[str]] = []
    for b in baris:
        if len(isi) >= LAYAR:
            raise MasukanTidakSah(
                f"Lebih dari {ribuan(LAYAR)} baris: pakai --format csv atau xlsx, atau saring dahulu."
            )
        isi.append([_layar(b.get(k), zona) for k in judul])
    if not isi:
        berkas.write("Tidak ada.\n")
        return
    kepala = list(judul.values())
    berkas.write(tabulate(isi, headers=kepala, tablefmt="pipe", disable_numparse=True) + "\n")


def _layar(nilai: object, zona: str) -> str:
    if nilai is None:
        return "-"
    if isinstance(nilai, bool):
        return "ya" if nilai else "tidak"
    if isinstance(nilai, int | Decimal):
        return ribuan(Decimal(kanonik(nilai)) if isinstance(nilai, Decimal) else nilai)
    if isinstance(nilai, datetime):
        return setempat(nilai, zona)
    if isinstance(nilai, list | tuple):
        return ", ".join(map(str, nilai)) or "-"
    return satu_baris(" ".join(str(nilai).splitlines())).replace("|", "/")


def _xlsx(ke: Path, lembar: str, kolom: Sequence[str], baris: _Hitung, zona: str) -> None:
    """Write a workbook row by row, in constant memory; what it keeps on the side goes with it, whatever happens."""
    with TemporaryDirectory(prefix="ap2t-") as samping:
        _buku_kerja(ke, samping, lembar, kolom, baris, zona)


def _buku_kerja(ke: Path, samping: str, lembar: str, kolom: Sequence[str], baris: _Hitung, zona: str) -> None:
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    pilihan = {"constant_memory": True, "tmpdir": samping, "strings_to_formulas": False, "strings_to_urls": False}
    buku = xlsxwriter.Workbook(str(ke), pilihan)
    tebal = buku.add_format({"bold": True})
    halaman, n = None, 0
    for b in baris:
        if halaman is None or n > BARIS_XLSX:
            halaman, n = _lembar(buku, lembar, kolom, tebal), 1
        for k, nama in enumerate(kolom):
            _sel(halaman, n, k, b.get(nama), zona)
        n += 1
    if halaman is None:
        _lembar(buku, lembar, kolom, tebal)
    try:
        buku.close()
    except FileCreateError as e:
        raise OSError(getattr(e.args[0], "errno", None), getattr(e.args[0], "strerror", None) or str(e)) from None


def _lembar(buku: Any, nama: str, kolom: Sequence[str], tebal: Any) -> Any:
    ke = len(buku.worksheets()) + 1
    halaman = buku.add_worksheet(nama[:28] if ke == 1 else f"{nama[:24]} {ke}")
    for k, judul in enumerate(kolom):
        halaman.write_string(0, k, judul, tebal)
    halaman.freeze_panes(1, 0)
    return halaman


def _sel(halaman: Any, n: int, k: int, nilai: object, zona: str) -> None:
    if nilai is None:
        return
    if isinstance(nilai, int | Decimal) and not isinstance(nilai, bool) and pasti(nilai):
        halaman.write_number(n, k, nilai)
    else:
        halaman.write_string(n, k, str(_datar(nilai, zona)))
