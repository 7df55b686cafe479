"""Rows as columns, and which of them are surely ready: what can be told of many rows by arithmetic alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ap2t.domain.model import KOLOM_STEMPEL
from ap2t.domain.stempel import PetugasUnit

Mask = NDArray[np.bool_]
Bilangan = NDArray[np.int64]

MIKRO = 10**6
KOLOM_SIAP = ("idpel", "unitup", "tgl_baca", "sahlwbp", *KOLOM_STEMPEL, "diubah_pada", "pilihan")
"""What :func:`siap_kolom` looks at."""
KOLOM_KATA = ("unitup", "verif_pengawas_oleh", "verif_vendor_oleh", "kirim_oleh")
"""Columns of few different words."""
_AWAL = datetime(1970, 1, 1, tzinfo=UTC)


class Angka(NamedTuple):
    """A column of numbers in millionths (0 where there is none), where there is one, and where it is no such number."""

    nilai: Bilangan
    ada: Mask
    ganjil: Mask


class Kata(NamedTuple):
    """A column of few words: the words, and which one stands in each row. Behind the last one: none."""

    kata: Sequence[str]
    nomor: Bilangan

    def di(self, boleh: frozenset[str]) -> Mask:
        """Tell in which rows one of these words stands."""
        return np.array([*(satu in boleh for satu in self.kata), False])[self.nomor]


class Kolom(NamedTuple):
    """Rows as columns, by name.

    ``saat``: microseconds since 1970 in UTC, and where there is an instant. ``teks``: where there is a text, and where
    it surely is no blank one. ``idpel``: which rows have a customer's number.
    """

    angka: Mapping[str, Angka]
    saat: Mapping[str, tuple[Bilangan, Mask]]
    teks: Mapping[str, tuple[Mask, Mask]]
    kata: Mapping[str, Kata]
    idpel: Mask


def mikrodetik(saat: datetime) -> int:
    """Return an instant as microseconds since 1970 in UTC."""
    return (saat - _AWAL) // timedelta(microseconds=1)


def siap_kolom(kolom: Kolom, petugas: PetugasUnit, sekarang: datetime) -> Mask:
    """Tell which rows surely are ready (:func:`~ap2t.domain.kesiapan.siap_penuh`). Of the others nothing is told.

    :param sekarang: the instant to judge by, timezone-aware.
    """
    baca, ada_baca = kolom.saat["tgl_baca"]
    diubah, ada_diubah = kolom.saat["diubah_pada"]
    awal, kini = np.where(ada_diubah, np.maximum(diubah, baca), baca), mikrodetik(sekarang)
    pengawas, vendor = kolom.kata["verif_pengawas_oleh"], kolom.kata["verif_vendor_oleh"]
    siap: Mask = ada_baca & kolom.angka["sahlwbp"].ada & ~kolom.teks["pilihan"][0]
    siap &= kolom.kata["unitup"].di(frozenset({petugas.unitup}))
    for oleh, pada, berwenang in (
        ("verif_pengawas_oleh", "verif_pengawas_pada", petugas.pengawas),
        ("verif_vendor_oleh", "verif_vendor_pada", petugas.admin_vendor),
        ("kirim_oleh", "kirim_pada", petugas.admin_vendor),
    ):
        cap, ada = kolom.saat[pada]
        bernama = frozenset(satu for satu in berwenang if satu.strip())
        siap &= kolom.kata[oleh].di(bernama) & ada & (awal <= cap) & (cap <= kini)
    seorang = [
        [satu == dua or (satu, dua) in petugas.ejaan_lain for dua in (*vendor.kata, None)] for satu in pengawas.kata
    ]
    seorang.append([False] * (len(vendor.kata) + 1))
    siap &= ~np.array(seorang)[pengawas.nomor, vendor.nomor]
    return siap
