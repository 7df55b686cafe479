"""A process that writes the customers who are wanted as a file, because a large one takes seconds of Python.

``python -m ap2t.web.pelanggan.berkas`` reads a JSON line (format, zone, what is wanted) and an index, and writes it.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO

from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.domain.status import Status
from ap2t.lihat.lembar import tulis_csv, tulis_xlsx
from ap2t.web.pelanggan import indeks
from ap2t.web.pelanggan.indeks import KOLOM, PilihanPelanggan

CSV, XLSX = "csv", "xlsx"
MENGALAH = 10


def pesan(bentuk: str, zona: str, pilihan: PilihanPelanggan) -> bytes:
    """Return what the process is told."""
    saring = pilihan._asdict() | {"status": sorted(pilihan.status), "dlpd": sorted(pilihan.dlpd)}
    return json.dumps({"bentuk": bentuk, "zona": zona, "saring": saring}, default=str).encode() + b"\n"


def _baca_pilihan(isi: dict[str, Any]) -> PilihanPelanggan:
    jam = {nama: None if isi[nama] is None else Decimal(isi[nama]) for nama in ("jam_min", "jam_maks")}
    himpunan = {"status": frozenset(map(Status, isi["status"])), "dlpd": frozenset(Dlpd(kode) for kode in isi["dlpd"])}
    return PilihanPelanggan(**{**isi, **jam, **himpunan})


def tulis_berkas(masuk: BinaryIO, keluar: BinaryIO) -> None:
    """Write one file."""
    isi = json.loads(masuk.readline())
    with closing(indeks.baru()) as conn:
        conn.deserialize(masuk.read())
        baris = map(_baris_lembar, indeks.semua(conn, _baca_pilihan(isi["saring"])))
        if isi["bentuk"] == CSV:
            _tulis_csv(keluar, baris, isi["zona"])
        else:
            _tulis_xlsx(keluar, baris, isi["zona"])
    keluar.flush()


def _baris_lembar(baris: dict[str, Any]) -> dict[str, Any]:
    """Numbers and instants as such, so that a spreadsheet can count with them."""
    angka = {nama: None if baris[nama] is None else Decimal(baris[nama]) for nama in ("daya", "kwh", "jam_nyala")}
    return {
        **baris,
        **angka,
        "sejak": datetime.fromisoformat(baris["sejak"]) if baris["sejak"] else None,
        "status": baris["label"],
    }


def _tulis_csv(keluar: BinaryIO, baris: Iterator[dict[str, Any]], zona: str) -> None:
    teks = io.TextIOWrapper(keluar, encoding="utf-8-sig", newline="")  # the mark tells Excel
    tulis_csv(teks, KOLOM, baris, zona)
    teks.detach()


def _tulis_xlsx(keluar: BinaryIO, baris: Iterator[dict[str, Any]], zona: str) -> None:
    with tempfile.TemporaryDirectory(prefix="ap2t-berkas-") as folder:
        jalan = Path(folder) / "pelanggan.xlsx"
        tulis_xlsx(jalan, "pelanggan", KOLOM, baris, zona)
        with jalan.open("rb") as jadi:
            copyfileobj(jadi, keluar)


if __name__ == "__main__":
    os.nice(MENGALAH)
    try:
        tulis_berkas(sys.stdin.buffer, sys.stdout.buffer)
    except Exception as galat:  # its text may hold a customer's data, and this goes to the api-server's log
        sys.exit(f"Berkas pelanggan tidak selesai: {type(galat).__name__}")
