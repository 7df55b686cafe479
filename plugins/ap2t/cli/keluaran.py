"""How the ``ap2t`` command hands rows out: a table, CSV, JSON or XLSX, on the screen or in a file, streamed.

JSON holds decimals as text. CSV and XLSX are those of :mod:`ap2t.lihat.lembar`, which the page writes too.
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

from ap2t.cli.umum import kabar, pembaca_boleh_pergi
from ap2t.domain.angka import kanonik
from ap2t.domain.teks import ZONA_PUSAT, ribuan, satu_baris, setempat
from ap2t.domain.teks import tabel as tabel_teks
from ap2t.galat import MasukanTidakSah
from ap2t.lihat.lembar import IsiBaris, nilai_json, tulis_csv, tulis_xlsx


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


def keluarkan(
    kolom: Sequence[str],
    baris: Iterable[IsiBaris],
    bentuk: Format,
    ke: Path | None,
    *,
    judul: Mapping[str, str] | None = None,
    zona: str = ZONA_PUSAT,
    lembar: str = "ap2t",
) -> int:
    """Write rows, and return how many.

    On the screen and in files columns have the same names, but for a table's ``judul``. A file that was there is
    replaced only by a whole one. A reader that closes the pipe (``head``) ends the command without a word.

    :param zona: in which instants are written. :param lembar: name of the XLSX sheet.
    :raises BadParameter: XLSX without a file.
    :raises MasukanTidakSah: the file cannot be written, or there are too many rows for a table.
    """
    if bentuk is Format.XLSX and ke is None:
        raise typer.BadParameter("--format xlsx perlu --ke BERKAS.xlsx.")
    hitung = _Hitung(baris, kabar=ke is not None or not sys.stdout.isatty())
    try:
        with pembaca_boleh_pergi(), _tujuan(ke) as sasaran:
            if sasaran is None:
                _tulis_teks(sys.stdout, bentuk, kolom, hitung, zona, judul)
                sys.stdout.flush()
            elif bentuk is Format.XLSX:
                tulis_xlsx(sasaran, lembar, kolom, hitung, zona)
            else:
                with sasaran.open("w", encoding="utf-8", newline="") as berkas:
                    _tulis_teks(berkas, bentuk, kolom, hitung, zona, judul)
    except OSError as galat:
        raise MasukanTidakSah(f"Berkas {ke or 'layar'} tidak dapat ditulis: {galat.strerror or galat}.") from None
    if ke is not None:
        kabar(f"{ribuan(hitung.jumlah)} baris ditulis ke {ke}.")
    return hitung.jumlah


class _Hitung:
    """Counts rows as they pass, and tells now and then how many."""

    def __init__(self, baris: Iterable[IsiBaris], *, kabar: bool) -> None:
        self._baris, self._kabar, self.jumlah = baris, kabar, 0

    def __iter__(self) -> Iterator[IsiBaris]:
        for isi in self._baris:
            self.jumlah += 1
            if self._kabar and self.jumlah % KABAR_TIAP == 0:
                kabar(f"{ribuan(self.jumlah)} baris ...")
            yield isi


@contextmanager
def _tujuan(ke: Path | None) -> Iterator[Path | None]:
    """Yield the path to write to: a file beside the wanted one, which takes its place once it is whole.

    None: the screen. What is no regular file (``/dev/stdout``, a named pipe) is written to as it is.
    """
    if ke is None or (ke.exists() and not ke.is_file()):
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


def _tulis_teks(
    berkas: TextIO, bentuk: Format, kolom: Sequence[str], baris: _Hitung, zona: str, judul: Mapping[str, str] | None
) -> None:
    if bentuk is Format.JSON:
        _tulis_json(berkas, kolom, baris, zona)
    elif bentuk is Format.CSV:
        tulis_csv(berkas, kolom, baris, zona)
    else:
        _tulis_tabel(berkas, baris, zona, judul or dict(zip(kolom, kolom, strict=True)))


def _tulis_json(berkas: TextIO, kolom: Sequence[str], baris: Iterable[IsiBaris], zona: str) -> None:
    """Write an array, one object a line."""
    berkas.write("[")
    for urut, isi in enumerate(baris):
        objek = json.dumps({nama: nilai_json(isi.get(nama), zona) for nama in kolom}, ensure_ascii=False)
        berkas.write(f"{',' if urut else ''}\n{objek}")
    berkas.write("\n]\n")


def _tulis_tabel(berkas: TextIO, baris: Iterable[IsiBaris], zona: str, judul: Mapping[str, str]) -> None:
    isi: list[list[str]] = []
    for satu in baris:
        if len(isi) >= LAYAR:
            raise MasukanTidakSah(
                f"Lebih dari {ribuan(LAYAR)} baris: pakai --format csv atau xlsx, atau saring dahulu."
            )
        isi.append([_sel_layar(satu.get(nama), zona) for nama in judul])
    berkas.write(_tabel(list(judul.values()), isi))


def _tabel(judul: Sequence[str], isi: Sequence[Sequence[str]]) -> str:
    return f"{tabel_teks(judul, isi)}\n" if isi else "Tidak ada.\n"


def tabel(baris: Sequence[IsiBaris]) -> None:
    """Print rows as a table, their values as they are."""
    isi = [["" if nilai is None else str(nilai) for nilai in satu.values()] for satu in baris]
    typer.echo(_tabel(list(baris[0]) if baris else [], isi), nl=False)


def _sel_layar(nilai: object, zona: str) -> str:
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
