"""YAML read as plain text values, each with the line and column it stands at.

PyYAML's safe parser does the reading; nothing is constructed from it, so that no number passes through a binary float
and no tag can make anything. What the units' configuration has no use for is a fault: anchors, aliases, tags, a second
document, a key written twice.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Protocol, Self

import yaml

Jalur = tuple[str | int, ...]
"""Where a value stands: keys and list positions from the top."""
UKURAN_MAKS = 2_000_000
"""Characters; ten times what a thousand units need."""
_DALAM_MAKS = 12
_TERLARANG = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]").search
"""What no ledger and no log can hold; YAML can write it as an escape."""


_SEBAB_YAML = (
    ("found character '\\t'", "ada tab; pakai spasi"),
    ("mapping values are not", "tanda ':' di tempat yang tidak boleh; tulis nilai yang memuatnya dalam tanda kutip"),
    ("could not find expected ':'", "kunci di sini tanpa tanda ':'"),
    ("expected <block end>", "spasi di awal baris tidak sejajar dengan baris di atasnya"),
    ("expected ',' or", "daftar dalam kurung kurang koma, atau kurungnya tidak ditutup"),
    ("found unexpected end of stream", "tanda kutip tidak ditutup"),
    ("found unknown escape character", "tanda \\ di dalam tanda kutip ganda; pakai tanda kutip tunggal"),
    ("sequence entries are not allowed", "tanda '-' di tempat yang tidak boleh; mulai di baris baru"),
    ("mapping keys are not allowed", "tanda '?' di tempat yang tidak boleh"),
    ("found character ", "ada huruf yang tidak boleh mengawali nilai; tulis nilainya dalam tanda kutip"),
)
"""What PyYAML says, by how it begins, as an operator can use it."""


class _Tanda(Protocol):
    """PyYAML's mark. Line and column count from 0."""

    line: int
    column: int


class Nilai(str):
    """A scalar as it was written. ``jenis``: what YAML takes it for (``str``, ``int``, ``bool``, ``null``, ...)."""

    __slots__ = ("jenis",)
    jenis: str

    def __new__(cls, teks: str, jenis: str) -> Self:
        """Keep the text, and ``jenis`` with it."""
        nilai = super().__new__(cls, teks)
        nilai.jenis = jenis
        return nilai


Pohon = dict[str, "Pohon"] | list["Pohon"] | Nilai


class Kesalahan(NamedTuple):
    """One fault: line and column from 1, and what is wrong and allowed."""

    baris: int
    kolom: int
    pesan: str


class Bertanda:
    """A document's values, the place of each, and the faults found so far. ``isi`` is None where it cannot be read."""

    def __init__(self, teks: str, contoh: str = "`ap2t pola contoh`") -> None:
        self.isi: Pohon | None = None
        self.kesalahan: list[Kesalahan] = []
        self._baris_akhir = max(1, len(teks.splitlines()))
        self._kunci: dict[Jalur, _Tanda] = {}
        self._nilai: dict[Jalur, _Tanda] = {}
        if self._periksa(teks):
            simpul = yaml.compose(teks, Loader=yaml.SafeLoader)
            if simpul is None:
                self._salah(None, f"dokumen kosong; contoh isinya: {contoh}")
            else:
                self.isi = self._pohon(simpul, ())

    def salahkan(self, jalur: Jalur, pesan: str, *, di_kunci: bool = False) -> None:
        """Add a fault at a value, or at its key. Where that is not there itself it stands at what holds it."""
        tanda = None
        while jalur and tanda is None:
            tanda = (self._kunci.get(jalur) if di_kunci else None) or self._nilai.get(jalur) or self._kunci.get(jalur)
            jalur, di_kunci = jalur[:-1], True
        self._salah(tanda or self._nilai.get(()), pesan)

    def _salah(self, tanda: _Tanda | None, pesan: str) -> None:
        baris, kolom = (tanda.line + 1, tanda.column + 1) if tanda else (1, 1)
        self.kesalahan.append(Kesalahan(min(baris, self._baris_akhir), kolom, pesan))

    def _periksa(self, teks: str) -> bool:
        """Go over the events once: it must be YAML, with none of what is not wanted."""
        if len(teks) > UKURAN_MAKS:
            self._salah(None, f"dokumen lebih dari {UKURAN_MAKS} huruf")
            return False
        try:
            self._periksa_kejadian(teks)
        except yaml.reader.ReaderError as galat:
            letak = galat.position if isinstance(galat.position, int) else 0
            baris = len(teks[: letak + 1].splitlines()) or 1
            self.kesalahan.append(Kesalahan(baris, 1, "ada huruf kendali yang tidak boleh ada dalam YAML"))
        except (ValueError, OverflowError):  # an escape for a character that does not exist
            self._salah(None, "ada urutan \\U yang bukan huruf")
        except yaml.MarkedYAMLError as galat:
            cocok = (teks for awal, teks in _SEBAB_YAML if str(galat.problem).startswith(awal))
            sebab = next(cocok, "susunannya tidak dapat dibaca di sini")
            self._salah(galat.problem_mark or galat.context_mark, f"bukan YAML yang sah: {sebab}")
        return not self.kesalahan

    def _periksa_kejadian(self, teks: str) -> None:
        dalam = dokumen = 0
        for kejadian in yaml.parse(teks, Loader=yaml.SafeLoader):
            dokumen += isinstance(kejadian, yaml.DocumentStartEvent)
            dalam += isinstance(kejadian, yaml.CollectionStartEvent) - isinstance(kejadian, yaml.CollectionEndEvent)
            if dokumen > 1:
                pesan = "dokumen kedua dalam satu berkas; hapus baris '---' dan isi sesudahnya"
                self._salah(kejadian.start_mark, pesan)
                return
            if dalam > _DALAM_MAKS:
                self._salah(kejadian.start_mark, "bersarang terlalu dalam")
                return
            if isinstance(kejadian, yaml.AliasEvent) or getattr(kejadian, "anchor", None):
                self._salah(kejadian.start_mark, "jangkar dan alias YAML (& dan *) tidak dipakai; tulis nilainya")
            elif getattr(kejadian, "tag", None):
                self._salah(kejadian.start_mark, "tag YAML (!...) tidak dipakai; tulis nilainya saja")

    def _pohon(self, simpul: yaml.Node, jalur: Jalur) -> Pohon:
        self._nilai[jalur] = simpul.start_mark
        if isinstance(simpul, yaml.MappingNode):
            return self._pasangan(simpul, jalur)
        if isinstance(simpul, yaml.SequenceNode):
            return [self._pohon(anak, (*jalur, nomor)) for nomor, anak in enumerate(simpul.value)]
        teks = str(simpul.value)
        if _TERLARANG(teks):
            self._salah(simpul.start_mark, "ada huruf kendali di dalam nilai")
        return Nilai(teks, simpul.tag.rpartition(":")[2])

    def _pasangan(self, simpul: yaml.MappingNode, jalur: Jalur) -> dict[str, Pohon]:
        isi: dict[str, Pohon] = {}
        for kunci, nilai in simpul.value:
            if not isinstance(kunci, yaml.ScalarNode):
                self._salah(kunci.start_mark, "kunci harus berupa satu kata")
                continue
            nama = str(kunci.value)
            if nama in isi:
                semula = self._kunci[(*jalur, nama)].line + 1
                self._salah(kunci.start_mark, f"kunci {nama[:40]!r} tertulis dua kali (pertama di baris {semula})")
                continue
            self._kunci[(*jalur, nama)] = kunci.start_mark
            isi[nama] = self._pohon(nilai, (*jalur, nama))
        return isi
