"""What an approval is bound to: the root of a tree over a session's rows, and the lot that is drawn by its digest.

The tree is RFC 9162's: a leaf is the SHA-256 of 0x00 and a row, a node that of 0x01 and its two sides. What tells who
and where a customer is goes into the row closed: as the SHA-256 of a salt and these values. Nobody can guess a salt,
so neither a leaf nor what is closed tells anything of a customer to those who were not given the row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from itertools import count

BATAS = b"\t\x01\t"
"""Stands in a row's text between what is closed and what is not."""
RAHASIA, GARAM = 32, 16
"""Bytes of a session's secret, and of a row's salt."""
_SEPENUH = 4096  # leaves that are made one node, a power of two: memory stays flat, and the tree the same
_GARAM_SEKALI = 4096


def garam(rahasia: bytes) -> Iterator[bytes]:
    """Yield the salts of a session's rows, in their order, without end.

    They are SHAKE256's bytes of the secret and a counter, some thousand salts a time: a hash of its own for each row
    would take as long as its leaf.
    """
    for ke in count():
        isi = hashlib.shake_256(b"%b%d" % (rahasia, ke)).digest(GARAM * _GARAM_SEKALI)
        yield from (isi[letak : letak + GARAM] for letak in range(0, len(isi), GARAM))


def tutup(garam: bytes, pribadi: bytes) -> bytes:
    """Return what stands for a row's private values (their COPY text): SHA-256 of its salt and them."""
    return hashlib.sha256(garam + pribadi).digest()


def daun(tertutup: bytes, isi: bytes) -> bytes:
    """Return the leaf of a row: of what stands for its private values, and of the others' COPY text."""
    return hashlib.sha256(b"\0" + tertutup + isi).digest()


def simpul(kiri: bytes, kanan: bytes) -> bytes:
    """Return the node over two others."""
    return hashlib.sha256(b"\1" + kiri + kanan).digest()


class Pohon:
    """The tree over leaves that come one after another, of which few are kept."""

    def __init__(self) -> None:
        self.jumlah = 0
        self._penuh: list[bytes] = []
        self._sisa: list[bytes] = []

    def tambah(self, daun: Sequence[bytes]) -> None:
        """Add leaves behind the last one."""
        self.jumlah += len(daun)
        self._sisa += daun
        while len(self._sisa) >= _SEPENUH:
            self._penuh.append(_akar(self._sisa[:_SEPENUH]))
            del self._sisa[:_SEPENUH]

    @property
    def akar(self) -> bytes:
        """The root over all leaves. Over none it is RFC 9162's hash of nothing."""
        return _akar([*self._penuh, _akar(self._sisa)] if self._sisa else self._penuh)


def _akar(tingkat: list[bytes]) -> bytes:
    while len(tingkat) > 1:
        tingkat = _di_atas(tingkat)
    return tingkat[0] if tingkat else hashlib.sha256().digest()


def _di_atas(tingkat: Sequence[bytes]) -> list[bytes]:
    """Return the nodes over a level. The last one of an odd number goes up as it is."""
    atas = list(map(simpul, tingkat[::2], tingkat[1::2]))
    return [*atas, tingkat[-1]] if len(tingkat) % 2 else atas


def sidik_pohon(kepala: bytes, pohon: Pohon) -> str:
    """Return the digest (SHA-256, hex) over a tree: what stands in front, how many rows there are, and the root."""
    isi = b"sidik 2\n%b%d|%b\n" % (kepala, pohon.jumlah, pohon.akar.hex().encode())
    return hashlib.sha256(isi).hexdigest()


class SidikPohon:
    """Takes rows in one after another, and gives their digest (:func:`sidik_pohon`).

    :param kepala: what stands in front of the rows. :param rahasia: the session's secret.
    """

    def __init__(self, kepala: bytes, rahasia: bytes) -> None:
        self._kepala, self._garam, self._pohon = kepala, garam(rahasia), Pohon()

    def update(self, teks: bytes) -> None:
        """Add rows, each of them its private values, ``BATAS``, its others, and its line end."""
        hasil = []
        for baris, satu in zip(teks.split(b"\n")[:-1], self._garam, strict=False):
            pribadi, _, isi = baris.partition(BATAS)
            hasil.append(daun(tutup(satu, pribadi), isi))
        self._pohon.tambah(hasil)

    def hexdigest(self) -> str:
        """Return the digest of the rows so far."""
        return sidik_pohon(self._kepala, self._pohon)


CARA = "SHA-256 atas sidik|idpel, yang terkecil"
"""How the lot is drawn, as the rekap says it."""


def undi(sidik: str, idpel: Iterable[str], jumlah: int) -> list[str]:
    """Draw ``jumlah`` of ``idpel`` (all, if there are fewer): those with the smallest SHA-256 of ``sidik|idpel``.

    Nobody can choose whom it falls on, and anybody can draw it again. The digest is known only once every row is
    fixed, and holds the session's own random number: whoever changes a row to move the lot moves all of it.

    :param sidik: the session's digest, hex. :param idpel: in any order; streamed.
    :return: in the order of idpel.
    """
    nilai = ((hashlib.sha256(f"{sidik}|{nomor}".encode()).digest(), nomor) for nomor in idpel)
    return sorted(nomor for _, nomor in nsmallest(jumlah, nilai))
