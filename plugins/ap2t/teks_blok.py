"""COPY text as columns: a block of rows is read at once, for what is judged by arithmetic alone.

A row whose text is not plain (an escaped character, a NaN, an instant or a number that the columns do not hold) is not
read here. Whoever asks reads it row by row (:mod:`ap2t.teks_copy`), which stays the one that says what a text means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from ap2t.domain.kolom import KOLOM_KATA, Angka, Bilangan, Kata, Kolom, Mask
from ap2t.domain.model import KOLOM_ANGKA, KOLOM_WAKTU
from ap2t.teks_copy import NIHIL, baris_teks

# pyarrow brings pandas in wherever it is handed a value or asked for an array of NumPy's: here buffers go both ways
pa.set_cpu_count(1)  # a block is small, and other tasks are at work beside this one

SKALA = 9
"""Digits behind the point that are read; a number with more is not plain."""
_KE_MIKRO = 10 ** (SKALA - 6)
_JENIS = {
    **dict.fromkeys(KOLOM_ANGKA, pa.decimal128(38, SKALA)),
    **dict.fromkeys(KOLOM_WAKTU, pa.timestamp("us", "UTC")),
}
_URAI = csv.ParseOptions(delimiter="\t", quote_char=False, double_quote=False, escape_char=False)
_BARIS, _MIRING, _NULL = ord("\n"), ord("\\"), ord("N")


class Blok:
    """Some rows of COPY text. ``teks`` ends each with a line end; ``polos`` tells which rows are read as columns.

    :param kolom: the names of all columns, in order. :param dipakai: those that are read.
    """

    def __init__(self, teks: bytes, kolom: Sequence[str], dipakai: Sequence[str]) -> None:
        self.teks = teks
        huruf = np.frombuffer(teks, np.uint8)
        self.akhir: NDArray[np.int64] = np.flatnonzero(huruf == _BARIS) + 1
        """Where each row ends, behind its line end."""
        self.polos: Mask = np.ones(len(self.akhir), bool)
        miring = np.flatnonzero(huruf == _MIRING)
        khusus = [miring[huruf[miring + 1] != _NULL], *(_pasangan(huruf, kata) for kata in (b"aN", b"nf"))]
        self.polos[np.searchsorted(self.akhir, np.concatenate(khusus), side="right")] = False
        self._baca = _Pembaca(kolom, dipakai)
        terbaca = teks if self.polos.all() else self.gabungan(self.polos)
        tabel, baik = self._baca.urai(terbaca) if terbaca else (None, np.zeros(0, bool))
        self.polos[self.polos] = baik
        self.tabel = tabel
        """What was read: the plain rows only."""

    def __len__(self) -> int:
        """Count the rows, plain or not."""
        return len(self.akhir)

    def baris(self, mana: Mask) -> list[bytes]:
        """Return the text of some rows, each with its line end."""
        nomor = np.flatnonzero(mana)
        awal = np.where(nomor > 0, self.akhir[nomor - 1], 0)
        return [self.teks[dari:sampai] for dari, sampai in zip(awal, self.akhir[nomor], strict=True)]

    def gabungan(self, mana: Mask) -> bytes:
        """Return the text of some rows together."""
        return self.teks if mana.all() else b"".join(self.baris(mana))

    def kolom(self) -> Kolom:
        """Return the plain rows, of which there is one, as columns of numbers."""
        return Kolom(
            angka={nama: _angka(self.teks_kolom(nama)) for nama in self._baca.angka},
            saat={nama: _saat(self.teks_kolom(nama)) for nama in self._baca.saat},
            teks={nama: _berisi(self.teks_kolom(nama)) for nama in self._baca.teks},
            kata={nama: _kata(self.teks_kolom(nama)) for nama in self._baca.kata},
            idpel=_dua_belas_angka(self.teks_kolom("idpel")),
        )

    def idpel(self) -> list[str]:
        """Return the customer of each plain row."""
        if self.tabel is None:
            return []
        return cast("list[str]", self.teks_kolom("idpel").to_pylist())

    def teks_kolom(self, nama: str, mana: Mask | None = None) -> pa.Array:
        """Return a column's text in the plain rows, of which there is one. ``mana``: in some of them."""
        assert self.tabel is not None  # noqa: S101 -- that is what the caller looked for
        isi = self.tabel.column(nama).combine_chunks()
        return isi if mana is None or mana.all() else isi.take(_larik(np.flatnonzero(mana)))


class _Pembaca:
    """Reads text with these columns."""

    def __init__(self, kolom: Sequence[str], dipakai: Sequence[str]) -> None:
        self.angka = [nama for nama in dipakai if nama in KOLOM_ANGKA]
        self.saat = [nama for nama in dipakai if nama in KOLOM_WAKTU]
        self.kata = [nama for nama in dipakai if nama in KOLOM_KATA]
        self.teks = [nama for nama in dipakai if nama not in _JENIS and nama not in KOLOM_KATA]
        self._kolom = list(kolom)
        self._ubah = csv.ConvertOptions(
            include_columns=list(dipakai),
            column_types={nama: _JENIS.get(nama, pa.string()) for nama in dipakai},
            null_values=[NIHIL],
            strings_can_be_null=True,
        )

    def urai(self, teks: bytes) -> tuple[pa.Table | None, Mask]:
        """Read rows, and tell which could be read. One that cannot is found by halves."""
        try:
            pilihan = csv.ReadOptions(
                column_names=self._kolom, use_threads=False, block_size=max(len(teks) + 1, 1 << 16)
            )
            tabel = csv.read_csv(
                pa.BufferReader(teks), read_options=pilihan, parse_options=_URAI, convert_options=self._ubah
            )
            return tabel.combine_chunks(), np.ones(tabel.num_rows, bool)
        except pa.ArrowInvalid:
            baris = baris_teks(teks)
            if len(baris) == 1:
                return None, np.zeros(1, bool)
            tengah = len(b"\n".join(baris[: len(baris) // 2])) + 1
            separuh = [self.urai(bagian) for bagian in (teks[:tengah], teks[tengah:])]
            ada = [tabel for tabel, _ in separuh if tabel is not None]
            gabungan = pa.concat_tables(ada).combine_chunks() if ada else None
            return gabungan, np.concatenate([baik for _, baik in separuh])


def gabung(*kolom: pa.Array | str) -> bytes:
    """Write columns of text, and words that stand in each row, as rows of COPY text."""
    semua = [_larik_kata([isi])[0] if isinstance(isi, str) else isi for isi in kolom]
    tab, kosong, akhir = _larik_kata(["\t", "", "\n"])
    baris = pc.binary_join_element_wise(*semua, tab)
    baris = pc.binary_join_element_wise(baris, kosong, akhir)
    letak = np.frombuffer(baris.buffers()[1], np.int32)[baris.offset : baris.offset + len(baris) + 1]
    return bytes(memoryview(baris.buffers()[2])[letak[0] : letak[-1]])


def teks_bilangan(nilai: Bilangan, skala: int, *, pangkas: bool = False) -> pa.Array:
    """Write whole numbers of 10^-``skala``. ``pangkas``: without zeros behind the point that say nothing."""
    bagian = np.empty((len(nilai), 2), np.int64)
    bagian[:, 0], bagian[:, 1] = nilai, nilai >> 63
    teks = pa.Array.from_buffers(pa.decimal128(38, skala), len(nilai), [None, pa.py_buffer(bagian)]).cast(pa.string())
    return pc.utf8_rtrim(pc.utf8_rtrim(teks, "0"), ".") if pangkas else teks


def teks_bulat(nilai: Bilangan) -> pa.Array:
    """Write whole numbers."""
    return _larik(nilai).cast(pa.string())


def pilih_kata(nilai: Bilangan, kata: Sequence[str]) -> pa.Array:
    """Write one of several words in each row."""
    return _larik_kata(kata).take(_larik(nilai))


def kata_bit(nilai: Bilangan, kode: Sequence[str]) -> pa.Array:
    """Write an array of the codes that a number's bits name."""
    beda, letak = np.unique(nilai, return_inverse=True)
    kata = [[satu for ke, satu in enumerate(kode) if isi >> ke & 1] for isi in beda.tolist()]
    return pilih_kata(letak, [f"{{{','.join(satu)}}}" for satu in kata])


def _pasangan(huruf: NDArray[np.uint8], kata: bytes) -> NDArray[np.int64]:
    """Tell where two letters stand: those that every NaN, or every infinity, has. A name may have them too."""
    letak: NDArray[np.int64] = np.flatnonzero((huruf[:-1] == kata[0]) & (huruf[1:] == kata[1]))
    return letak


def _larik_kata(kata: Sequence[str]) -> pa.StringArray:
    isi = [str(satu).encode() for satu in kata]
    letak = np.cumsum([0, *map(len, isi)], dtype=np.int32)
    return pa.StringArray.from_buffers(len(isi), pa.py_buffer(letak), pa.py_buffer(b"".join(isi)))


def _larik(nilai: Bilangan) -> pa.Array:
    return pa.Array.from_buffers(pa.int64(), len(nilai), [None, pa.py_buffer(np.ascontiguousarray(nilai, np.int64))])


def _ada(isi: pa.Array) -> Mask:
    jumlah, awal, peta = len(isi), isi.offset, isi.buffers()[0]
    if isi.null_count == 0 or peta is None:
        return np.ones(jumlah, bool)
    return np.unpackbits(np.frombuffer(peta, np.uint8), bitorder="little")[awal : awal + jumlah].astype(bool)


def _angka(isi: pa.Array) -> Angka:
    jumlah, ada = len(isi), _ada(isi)
    if not ada.any():
        return Angka(np.zeros(jumlah, np.int64), ada, np.zeros(jumlah, bool))
    bagian = np.frombuffer(isi.buffers()[1], np.int64)[2 * isi.offset : 2 * (isi.offset + jumlah)].reshape(-1, 2)
    rendah, tinggi = bagian[:, 0], bagian[:, 1]
    mikro = rendah // _KE_MIKRO
    ganjil = ada & ((tinggi != rendah >> 63) | (mikro * _KE_MIKRO != rendah))
    return Angka(np.where(ada, mikro, 0), ada, ganjil)


def _saat(isi: pa.Array) -> tuple[Bilangan, Mask]:
    jumlah, ada = len(isi), _ada(isi)
    if not ada.any():
        return np.zeros(jumlah, np.int64), ada
    mikro = np.frombuffer(isi.buffers()[1], np.int64)[isi.offset : isi.offset + jumlah]
    return np.where(ada, mikro, 0), ada


def _kata(isi: pa.Array) -> Kata:
    kamus = isi.dictionary_encode()
    kata, nomor = kamus.dictionary.to_pylist(), kamus.indices
    letak = np.frombuffer(nomor.buffers()[1], np.int32)[nomor.offset : nomor.offset + len(isi)].astype(np.int64)
    return Kata(kata, np.where(_ada(isi), letak, len(kata)))


def _huruf(isi: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return where each text begins (and the last one ends) among all their bytes."""
    letak = np.frombuffer(isi.buffers()[1], np.int32)[isi.offset : isi.offset + len(isi) + 1].astype(np.int64)
    semua = isi.buffers()[2]
    return letak, np.frombuffer(semua, np.uint8) if semua is not None else np.zeros(0, np.uint8)


def _berisi(isi: pa.Array) -> tuple[Mask, Mask]:
    """Tell where there is a text, and where it surely is no blank one: it begins with a visible character."""
    ada = _ada(isi)
    letak, huruf = _huruf(isi)
    panjang = np.diff(letak) > 0
    depan = np.zeros(len(isi), np.uint8)
    depan[panjang] = huruf[letak[:-1][panjang]]
    return ada, ada & (depan > ord(" ")) & (depan < 0x7F)


def _dua_belas_angka(isi: pa.Array) -> Mask:
    letak, huruf = _huruf(isi)
    sah: Mask = np.diff(letak) == 12
    angka = np.concatenate([[0], np.cumsum((huruf >= ord("0")) & (huruf <= ord("9")))])
    sah &= angka[letak[1:]] - angka[letak[:-1]] == 12
    return sah & _ada(isi)
