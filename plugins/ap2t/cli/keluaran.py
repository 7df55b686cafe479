"""How the ``ap2t`` command hands rows out: a table, CSV, JSON or XLSX, on the screen or in a file, streamed.

JSON holds decimals as text; CSV and XLSX are those of ``proses/keluaran.py``.
"""

from __future__ import annotations

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
from typing import Annotated, TextIO

import typer

from ap2t.domain.angka import kanonik
from ap2t.domain.teks import ZONA_PUSAT, ribuan, satu_baris, setempat
from ap2t.galat import MasukanTidakSah
from ap2t.lihat.lembar import Baris, ke_json, tulis_csv, tulis_xlsx


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
LAYAR = 100_000
"""Rows that a table holds at most; more is for a file."""


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
    except OSError as galat:
        raise MasukanTidakSah(f"Berkas {ke or 'layar'} tidak dapat ditulis: {galat.strerror or galat}.") from None
    if ke is not None:
        typer.echo(f"{ribuan(hitung.jumlah)} baris ditulis ke {ke}.", err=True)
    return hitung.jumlah


class _Hitung:
    """Counts rows as they pass, and tells now and then how many."""

    def __init__(self, baris: Iterable[Baris], *, kabar: bool) -> None:
        self._baris, self._kabar, self.jumlah = baris, kabar, 0

    def __iter__(self) -> Iterator[Baris]:
        for baris in self._baris:
            self.jumlah += 1
            if self._kabar and self.jumlah % KABAR_TIAP == 0:
                typer.echo(f"{ribuan(self.jumlah)} baris ...", err=True)
            yield baris


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
        tulis_xlsx(ke, lembar, kolom, baris, zona)
        return
    with ke.open("w", encoding="utf-8", newline="") as berkas:
        _teks(berkas, bentuk, kolom, baris, zona, judul)


def _teks(
    berkas: TextIO, bentuk: Format, kolom: Sequence[str], baris: _Hitung, zona: str, judul: Mapping[str, str] | None
) -> None:
    if bentuk is Format.JSON:
        _json(berkas, kolom, baris, zona)
    elif bentuk is Format.CSV:
        tulis_csv(berkas, kolom, baris, zona)
    else:
        _tabel(berkas, kolom, baris, zona, judul or {kunci: kunci for kunci in kolom})


def _json(berkas: TextIO, kolom: Sequence[str], baris: _Hitung, zona: str) -> None:
    """Write an array, one object a line."""
    berkas.write("[")
    for nomor, baris_ini in enumerate(baris):
        isi = json.dumps({kunci: ke_json(baris_ini.get(kunci), zona) for kunci in kolom}, ensure_ascii=False)
        berkas.write(f"{',' if nomor else ''}\n{isi}")
    berkas.write("\n]\n")


def _tabel(berkas: TextIO, kolom: Sequence[str], baris: _Hitung, zona: str, judul: Mapping[str, str]) -> None:
    from tabulate import tabulate

    isi: list[list[str]] = []
    for baris_ini in baris:
        if len(isi) >= LAYAR:
            raise MasukanTidakSah(
                f"Lebih dari {ribuan(LAYAR)} baris: pakai --format csv atau xlsx, atau saring dahulu."
            )
        isi.append([_layar(baris_ini.get(kunci), zona) for kunci in judul])
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
