"""Readings of a PostgreSQL source as COPY text, which the ledger can take in as it stands.

Of each row only what readiness looks at is read out of the text. A row that is not plain (a value that is no number
or no instant, an escaped character, very long text) is read like any other source's and has no text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import psycopg

from ap2t.domain.model import KOLOM_ANGKA, KOLOM_BACAAN, KOLOM_STEMPEL, KOLOM_TANDA, KOLOM_WAKTU, NOL_KOSONG, Bacaan
from ap2t.source.normal import TEKS_MAKS, ke_bacaan
from ap2t.sql import muat
from ap2t.teks_copy import (
    NIHIL,
    baca_kolom,
    bacaan_dari_kolom,
    baris_teks,
    nilai_baris,
    nilai_pertama,
    pecah,
    teks_bacaan_polos,
)

Terbaca = tuple[Bacaan, bytes | None]
"""A reading, and its COPY text (``KOLOM_BACAAN`` and ``pilihan``, no line end). With a text the reading holds only what
readiness looks at; without one it is whole."""

BarisSumber = bytes | Terbaca
"""A row of the source: its COPY text alone (no line end), or as it was read."""

KOLOM_KESIAPAN = (
    *("idpel", "unitup", "thblrek", "hari_baca", "tgl_baca", "sahlwbp"),
    *KOLOM_STEMPEL,
    "diubah_pada",
)
"""What readiness looks at; the order of ``acmt/baca_kesiapan``."""

_TEKS = frozenset({25, 1042, 1043})  # text, char(n), varchar
_BOLEH = {
    **dict.fromkeys(KOLOM_ANGKA, frozenset({20, 21, 23, 1700})),  # bigint, smallint, integer, numeric
    **dict.fromkeys(KOLOM_WAKTU, frozenset({1184})),  # timestamptz
    **dict.fromkeys(KOLOM_TANDA, frozenset({16})),  # boolean
}
_TAB, _BARIS, _SPASI = b"\t\n "
_LETAK = {nama: letak for letak, nama in enumerate(KOLOM_BACAAN)}
_SEBAGIAN = (*KOLOM_KESIAPAN, "pilihan")
_ambil = itemgetter(*(_LETAK[kunci] for kunci in KOLOM_KESIAPAN), len(KOLOM_BACAAN))


def cocok(conn: psycopg.Connection[Any], jenis: dict[str, int]) -> bool:
    """Tell whether a connection's COPY text is what the ledger takes: UTF-8, UTC, ISO dates, the contract's types.

    :param jenis: type number (OID) of each column that is read.
    """
    keadaan = {nama: (conn.pgconn.parameter_status(nama.encode()) or b"").decode() for nama in _KEADAAN}
    if not all(keadaan[nama].startswith(nilai) for nama, nilai in _KEADAAN.items()):
        return False
    return all(satu in _BOLEH.get(kunci, _TEKS) for kunci, satu in jenis.items())


_KEADAAN = {"client_encoding": "UTF8", "server_encoding": "UTF8", "TimeZone": "UTC", "DateStyle": "ISO"}


def perintah(pilihan: Sequence[str]) -> str:
    """Return the COPY of a kelompok's readings, with these columns of ``v_bacaan`` besides, in one of JSON text.

    Its text still has the blanks around values (:func:`rapikan`): most have none, and the server takes long to look.
    """
    rapi = {
        kolom: f"nullif(btrim(v.{kolom}, E' \\t\\n\\r\\f\\v'), '')" if kolom not in _BOLEH else f"v.{kolom}"
        for kolom in pilihan
    }
    rapi |= {kolom: f"nullif({rapi[kolom]}, 0)" for kolom in NOL_KOSONG & set(pilihan)}
    kunci = "coalesce(nullif(rtrim(v.idpel, ' '), ''), '(kosong)')"
    gabungan = "NULL"
    if pilihan:  # most rows have nothing of it, and an object takes as long to build as all the rest
        tanpa = f"num_nonnulls({', '.join(f'v.{kolom}' for kolom in pilihan)}) = 0"
        ada = ", ".join(f"'{kolom}', ({rapi[kolom]})::text" for kolom in pilihan)
        isi = f"nullif(jsonb_strip_nulls(jsonb_build_object({ada})), '{{}}')"
        gabungan = f"CASE WHEN {tanpa} THEN NULL ELSE {isi} END"
    kolom = (f"v.{kolom}" if kolom in _BOLEH else f"v.{kolom}::text" for kolom in KOLOM_BACAAN[1:])
    return muat("acmt/salin_postgresql").replace("{kolom}", ", ".join((kunci, *kolom, gabungan)))


def sebagai_teks(bacaan: list[Bacaan]) -> Iterator[bytes | list[Terbaca]]:
    """Yield readings in their order, as COPY text where they hold nothing that it has no place for."""
    for khusus, sebagian in groupby(bacaan, lambda satu: bool(satu.cacat or satu.pilihan)):
        semua = list(sebagian)
        yield [(satu, None) for satu in semua] if khusus else teks_bacaan_polos(semua)


def rapikan(teks: bytes) -> bytes:
    """Take the blanks around values out of COPY text; blank text is nothing.

    Blanks that COPY escapes are left: a row with one is read in full (:func:`bacaan_dari`).
    """
    import numpy as np  # here: what never reads a reading starts sooner without it

    huruf = np.frombuffer(teks, np.uint8)
    batas = (huruf == _TAB) | (huruf == _BARIS)
    spasi = np.flatnonzero(huruf == _SPASI)
    tepi = spasi[batas[spasi - 1] | batas[spasi + 1]]
    kosong = np.flatnonzero(batas[1:] & batas[:-1])
    if not len(tepi) and not len(kosong):
        return teks
    akhir = np.flatnonzero(huruf == _BARIS)
    baris = teks.split(b"\n")
    for nomor in np.unique(np.searchsorted(akhir, np.concatenate([tepi, kosong + 1]))).tolist():
        nilai, *lain = baris[nomor].split(b"\t")
        baris[nomor] = b"\t".join([nilai, *(satu.strip(b" ") or NIHIL.encode() for satu in lain)])
    return b"\n".join(baris)


def bacaan_dari(isi: bytes | list[Terbaca]) -> list[Terbaca]:
    """Return readings, those of COPY text with their text."""
    if not isinstance(isi, bytes):
        return isi
    baris = [satu + b"\n" for satu in baris_teks(isi)]
    if not _aneh(isi) and max(map(len, baris)) <= TEKS_MAKS:
        return _polos(baris)
    khusus = [_aneh(satu) or len(satu) > TEKS_MAKS for satu in baris]
    polos = iter(_polos([satu for satu, aneh in zip(baris, khusus, strict=True) if not aneh]))
    return [_utuh(satu) if aneh else next(polos) for satu, aneh in zip(baris, khusus, strict=True)]


def _polos(baris: list[bytes]) -> list[Terbaca]:
    """Read plain rows a column at a time, or each in full should one not be plain after all."""
    try:
        bacaan = bacaan_dari_kolom(_SEBAGIAN, zip(*map(_ambil, pecah(baris)), strict=True), len(baris))
    except (ValueError, ArithmeticError):
        return [_utuh(potongan) for potongan in baris]
    return list(zip(bacaan, (potongan[:-1] for potongan in baris), strict=True))


def per_idpel(isi: bytes | list[Terbaca]) -> list[tuple[str, BarisSumber]]:
    """Return rows with their customer, without reading more of their text."""
    if isinstance(isi, bytes):
        return [(nilai_pertama(baris), baris) for baris in baris_teks(isi)]
    return [(terbaca[0].idpel, terbaca) for terbaca in isi]


def lengkap(baris: BarisSumber) -> Bacaan:
    """Return all of a reading."""
    if isinstance(baris, bytes):
        return utuh(baris)
    sebagian, mentah = baris
    return sebagian if mentah is None else utuh(mentah)


def dengan_kolom(bacaan: Terbaca, kolom: Sequence[str]) -> Bacaan:
    """Return a reading in which these columns are read too, without reading the rest of its text."""
    sebagian, mentah = bacaan
    if mentah is None:
        return sebagian
    nilai = mentah.split(b"\t")
    return sebagian._replace(**{nama: baca_kolom(nama, nilai[_LETAK[nama]].decode()) for nama in kolom})


def utuh(mentah: bytes) -> Bacaan:
    """Read all of a row from its COPY text (no line end)."""
    return _utuh(mentah + b"\n")[0]


def _aneh(potongan: bytes) -> bool:
    """Tell whether a text may hold a number that is none, an instant that is none, or an escaped character."""
    return b"NaN" in potongan or b"nfinity" in potongan or potongan.count(b"\\") != potongan.count(b"\\N")


def _utuh(potongan: bytes) -> Terbaca:
    """Read one row in full, as any other source's."""
    *nilai, pilihan = nilai_baris(potongan)
    ada: dict[str, str] = json.loads(pilihan or "{}")
    return ke_bacaan((*KOLOM_BACAAN, *ada), [[*nilai, *ada.values()]])[0], None
