"""Writes the parts of the documents that are made from the code (make dokumen)."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from types import ModuleType

from ap2t import setelan
from ap2t.domain.kaidah.dasar import Kaidah
from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.setelan import Setelan
from sandbox import setelan as setelan_stack

AKAR = Path(__file__).parents[2]


def penjelasan(jenis: type[StrEnum]) -> dict[str, str]:
    """Return the docstring below each member of an enum, on one line, by the member's name.

    :raises ValueError: a member has none.
    """
    badan = ast.parse(inspect.getsource(jenis)).body[0]
    if not isinstance(badan, ast.ClassDef):
        raise TypeError(f"{jenis} is no class")
    ada: dict[str, str] = {}
    for anggota, sesudah in zip(badan.body, badan.body[1:], strict=False):
        match anggota, sesudah:
            case (ast.Assign(targets=[ast.Name(id=nama)]), ast.Expr(value=ast.Constant(value=str(kalimat)))):
                ada[nama] = " ".join(kalimat.split())
    tanpa = [kode.name for kode in jenis if kode.name not in ada]
    if tanpa:
        raise ValueError(f"{jenis.__name__} without a docstring: {', '.join(tanpa)}")
    return ada


def tabel_aturan(jenis: type[Kaidah]) -> str:
    """Return a table of codes: what an operator reads for each, and its exact rule."""
    baris = (
        f"| `{kode}` | {jenis(kode).kata} | {kalimat.replace('``', '`')} |"
        for kode, kalimat in penjelasan(jenis).items()
    )
    return "\n".join(("| Code | Name on page and gate | Exact rule |", "|---|---|---|", *baris))


def tabel_setelan(modul: ModuleType) -> str:
    """Return a table of the settings that a module declares, in its order."""
    baris = (
        f"| `{satu.nama}` | {satu.bawaan} | {satu.satuan} | {satu.batas} | {satu.arti} |"
        for satu in vars(modul).values()
        if isinstance(satu, Setelan)
    )
    return "\n".join(("| Setting | Default | Unit | Limits | Meaning |", "|---|---|---|---|---|", *baris))


def panduan_alasan() -> str:
    """Return the operator's table of reasons."""
    baris = (f"| `{kaidah}` | {kaidah.kata} | {kaidah.isi.arti} | {kaidah.isi.tindakan} |" for kaidah in Alasan)
    return "\n".join(("| Kode | Di rekap | Sebab | Perbaikan |", "|---|---|---|---|", *baris))


def panduan_dlpd() -> str:
    """Return the operator's table of flags."""
    baris = (f"| `{kaidah}` | {kaidah.kata} | {kaidah.isi.arti} | {kaidah.isi.bobot} |" for kaidah in Dlpd)
    return "\n".join(("| Kode | Di rekap | Artinya | Bobot |", "|---|---|---|---|", *baris))


BAGIAN: dict[tuple[str, str], Callable[[], str]] = {
    ("docs/aturan.md", "alasan"): lambda: tabel_aturan(Alasan),
    ("docs/aturan.md", "dlpd"): lambda: tabel_aturan(Dlpd),
    ("docs/operator/panduan.md", "alasan"): panduan_alasan,
    ("docs/operator/panduan.md", "dlpd"): panduan_dlpd,
    ("docs/pengelola/setelan.md", "produk"): lambda: tabel_setelan(setelan),
    ("docs/pengelola/setelan.md", "tertanam"): lambda: tabel_setelan(setelan_stack),
}
"""What stands between ``<!-- dibuat: name -->`` and ``<!-- sampai: name -->`` of which document."""


def pasang(isi: str, nama: str, bagian: str) -> str:
    """Return a document with one of its parts made anew.

    :raises ValueError: the document has no such part.
    """
    awal, akhir = f"<!-- dibuat: {nama} -->", f"<!-- sampai: {nama} -->"
    baru, kali = re.subn(
        f"{re.escape(awal)}.*?{re.escape(akhir)}", lambda _: f"{awal}\n{bagian}\n{akhir}", isi, flags=re.DOTALL
    )
    if kali != 1:
        raise ValueError(f"{awal} … {akhir} must stand once, but stands {kali} times")
    return baru


def susun(akar: Path = AKAR) -> dict[Path, str]:
    """Return every document that has such parts, with all of them made anew."""
    hasil: dict[Path, str] = {}
    for (nama_berkas, nama), buat in BAGIAN.items():
        berkas = akar / nama_berkas
        hasil[berkas] = pasang(hasil.get(berkas) or berkas.read_text(encoding="utf-8"), nama, buat())
    return hasil


if __name__ == "__main__":
    for _berkas, _isi in susun().items():
        _berkas.write_text(_isi, encoding="utf-8")
        print(f"Ditulis: {_berkas}")
