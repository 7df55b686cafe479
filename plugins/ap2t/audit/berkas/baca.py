"""Reads a session's file as a stream: members in their order, lists one element at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ap2t.domain.teks import dari_json
from ap2t.galat import BerkasTidakUtuh

BENTUK_LAIN = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError)
"""What reading something else in the place of what is meant raises."""


class BerkasSesi:
    """A session's file. Every list may be read again. Not in the form of ``ap2t audit berkas``: BerkasTidakUtuh."""

    def __init__(self, berkas: Path) -> None:
        self.berkas = berkas
        self.kepala: dict[str, Any] = {}
        self._letak: dict[str, int] = {}
        with berkas.open("rb") as masukan:
            if masukan.readline() != b"{\n":
                raise self._salah()
            while baris := masukan.readline():
                if self._daftar_mulai(baris, masukan.tell()):
                    while (unsur := masukan.readline()) != b"],\n":
                        if not unsur:
                            raise self._salah()

    def _daftar_mulai(self, baris: bytes, letak: int) -> bool:
        """Take one member in, and tell whether it is a list, whose elements follow."""
        nama, pisah, isi = baris.partition(b": ")
        if not pisah or nama[:1] != b'"':
            raise self._salah()
        kunci = nama.decode(errors="replace").strip('"')
        if kunci in self.kepala or kunci in self._letak:
            raise self._salah()
        if isi == b"[\n":
            self._letak[kunci] = letak
            return True
        self.kepala[kunci] = self._urai(isi.removesuffix(b"\n").removesuffix(b"}" if kunci == "sidik_berkas" else b","))
        return False

    def _urai(self, isi: bytes) -> Any:
        try:
            return dari_json(isi, object_pairs_hook=_tanpa_ganda)
        except ValueError:
            raise self._salah() from None

    def _salah(self) -> BerkasTidakUtuh:
        return BerkasTidakUtuh(
            f"{self.berkas} bukan berkas sesi yang utuh bentuknya. Yang dapat diperiksa hanya berkas JSON dari "
            "`ap2t audit berkas`, tanpa diubah atau dirapikan."
        )

    def unsur(self, nama: str) -> Iterator[Any]:
        """Stream the elements of a list."""
        if nama not in self._letak:
            raise self._salah()
        with self.berkas.open("rb") as masukan:
            masukan.seek(self._letak[nama])
            while (baris := masukan.readline()) != b"],\n":
                if baris != b"\n":
                    yield self._urai(baris.removesuffix(b"\n").removesuffix(b","))

    def baris(self) -> Iterator[dict[str, str | None]]:
        """Stream the customers' rows by column."""
        kolom = self.kepala["kolom"]
        for baris in self.unsur("baris"):
            yield dict(zip(kolom, baris, strict=True))


def _tanpa_ganda(pasangan: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that stands twice says two things: one to this program, another to a different reader."""
    isi = dict(pasangan)
    if len(isi) != len(pasangan):
        raise ValueError("nama ganda")
    return isi
