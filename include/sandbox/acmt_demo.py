"""A demo ACMT database: the contract's views over tables of its own, filled from a seed at any size.

Everything is read, verified and sent properly (the kelompok is ready), but for the named special cases of
:mod:`sandbox.acmt_kasus`, which every kelompok holds, and the kelompok whose state is chosen otherwise.

The same seed, size, month and clock give the same data, whatever else is filled before or after. Months hang
together: a customer keeps its name, place, tariff, factor and meter, and begins each month where the last one ended
(named cases do not). Stored numbers are built from integers (thousandths of a register unit). Floats only choose them.

Earlier months (``v_riwayat``) are kept as one row a customer, from which the view makes a row a month. Those of the
named cases are rows of a table of their own, ``acmt_dasar.riwayat``, into which a test may write as well.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import psycopg
from numpy.typing import NDArray

from ap2t.domain.kaidah.kebiasaan import BULAN_RIWAYAT
from ap2t.domain.kalender import bulan_tambah
from ap2t.domain.model import KOLOM_BACAAN, KOLOM_PILIHAN, BulanLalu
from ap2t.sql import semua_di
from sandbox.acmt_kasus import (
    KasusDemo,
    KeadaanDemo,
    alamat_foto,
    bulan_kasus,
    foto_kasus,
    posisi_belum,
    posisi_kasus,
)
from sandbox.foto.alamat import Cacat, jalan_foto

Koneksi = psycopg.Connection[Any]
Kabar = Callable[[str], None]
_Int = NDArray[np.int64]
_Obj = NDArray[np.object_]


class UnitDemo(NamedTuple):
    """One unit layanan of the demo. Its customers live at ``lintang`` and ``bujur`` (degrees)."""

    unitup: str
    nama: str
    unitap: str
    unitupi: str
    zona_waktu: str
    lintang: Decimal = Decimal("-6.900")
    bujur: Decimal = Decimal("107.600")


class Ringkasan(NamedTuple):
    """What :func:`isi` wrote.

    ``thblrek``: the month filled, by ``(unitup, hari_baca)``. ``detik``: the time it took.
    """

    baris: int
    thblrek: Mapping[tuple[str, str], str]
    detik: float


UNIT_DEMO: tuple[UnitDemo, ...] = (
    UnitDemo("54110", "ULP Gambir", "54100", "54", "Asia/Jakarta", Decimal("-6.176"), Decimal("106.827")),
    UnitDemo("55210", "ULP Denpasar", "55200", "55", "Asia/Makassar", Decimal("-8.650"), Decimal("115.216")),
    UnitDemo("41310", "ULP Jayapura", "41300", "41", "Asia/Jayapura", Decimal("-2.533"), Decimal("140.717")),
)
"""Three units, one in each zone (WIB, WITA, WIT)."""

KELOMPOK_DEMO: tuple[str, ...] = tuple("ABCDEFGHIJKLMNOPQRST")
"""Kelompok hari baca A to T, read one a day."""

_BLOK = 20_000
_NOMOR_PER_UNIT = 10**7
_BULAN_AWAL = "202601"
"""The month in which the meters stand where they begin: later ones are counted from there, earlier ones back."""
_MUSIM = (960, 950, 970, 990, 1010, 1000, 990, 1000, 1030, 1050, 1040, 1000)
"""Thousandths of the usual use in each month of a year: January rains, October is hot."""
_SELANG = (0, 400, 1800, 1000)
"""Thousandths of the usual use in turn, of the few customers who are at home now and then."""
_ORANG = ("spv", "spv_b", "vendor", "pengawas", "rangkap", "baca1", "baca2")
# fmt: off
_NAMA_DEPAN = (
    "Agus", "Ahmad", "Andi", "Ani", "Bambang", "Budi", "Citra", "Dedi", "Dewi", "Dian", "Eka", "Endang", "Fitri",
    "Gede", "Hadi", "Hendra", "Indah", "Joko", "Kadek", "Komang", "Kurnia", "Lestari", "Made", "Maria", "Markus",
    "Nur", "Nyoman", "Putri", "Rahmat", "Ratna", "Rina", "Rudi", "Siti", "Slamet", "Sri", "Teguh", "Tri", "Wahyu",
    "Wayan", "Yohanes",
)
_NAMA_BELAKANG = (
    "Aritonang", "Astuti", "Gunawan", "Halim", "Handayani", "Hidayat", "Irawan", "Kogoya", "Kusuma", "Lubis",
    "Mandala", "Marpaung", "Nasution", "Nugroho", "Permana", "Prasetyo", "Purnama", "Rahayu", "Rumbiak", "Santoso",
    "Saputra", "Setiawan", "Sihombing", "Simanjuntak", "Siregar", "Suharto", "Sulistyo", "Suryana", "Susanti",
    "Sutrisno", "Tanjung", "Utami", "Wahyuni", "Wenda", "Wibowo", "Wijaya", "Wulandari", "Yulianto",
)
# fmt: on


class _Golongan(NamedTuple):
    """A tariff with a connected power and the meter that goes with it.

    ``desimal``: digits the register shows after the point. ``porsi``: weight in the mix. ``jam``: median hours a month.
    """

    tarif: str
    daya: int
    fkm: int
    digit: int
    desimal: int
    dua_tarif: bool
    porsi: int
    jam: int


_GOLONGAN = (
    _Golongan("R1", 450, 1, 5, 0, False, 220, 150),
    _Golongan("R1M", 900, 1, 5, 0, False, 260, 120),
    _Golongan("R1", 900, 1, 5, 0, False, 60, 125),
    _Golongan("R1", 1300, 1, 5, 0, False, 190, 120),
    _Golongan("R1", 2200, 1, 5, 1, False, 90, 115),
    _Golongan("R2", 3500, 1, 5, 1, False, 30, 120),
    _Golongan("R2", 5500, 1, 5, 1, False, 20, 125),
    _Golongan("R3", 13200, 1, 6, 2, False, 10, 140),
    _Golongan("B1", 1300, 1, 5, 0, False, 40, 160),
    _Golongan("B1", 5500, 1, 5, 1, False, 20, 170),
    _Golongan("B2", 33000, 20, 5, 2, False, 8, 180),
    _Golongan("B3", 240000, 80, 6, 3, True, 3, 220),
    _Golongan("I1", 13200, 1, 6, 1, False, 4, 180),
    _Golongan("I2", 131000, 40, 6, 2, True, 4, 240),
    _Golongan("I3", 555000, 80, 6, 3, True, 3, 320),
    _Golongan("I3", 3465000, 8000, 6, 3, True, 1, 380),
    _Golongan("S2", 2200, 1, 5, 0, False, 16, 110),
    _Golongan("S2", 900, 1, 5, 0, False, 14, 110),
    _Golongan("P1", 6600, 1, 5, 1, False, 5, 150),
    _Golongan("P3", 5500, 1, 5, 1, False, 2, 330),
)


def pasang(conn: Koneksi) -> None:
    """Create the schemas, tables, indexes, views and functions of the demo that are missing."""
    with conn.transaction():
        for nama in (
            "skema",
            "tabel_unit",
            "tabel_petugas",
            "tabel_jadwal",
            "tabel_bacaan",
            "kolom_pilihan",
            "indeks_bacaan",
            "tabel_pengembalian",
            "tabel_pemakaian",
            "tabel_riwayat",
            "tabel_foto",
            "tabel_harga",
            "isi_harga",
            "v_unit",
            "v_petugas",
            "v_jadwal_hari_baca",
            "v_bacaan",
            "v_riwayat",
            "v_harga",
            "fungsi_kembalikan_verifikasi",
            "fungsi_beri_hak",
        ):
            conn.execute(_sql(nama))


def beri_hak(conn: Koneksi, peran_login: str) -> None:
    """Let an existing role read the views and call ``kembalikan_verifikasi``, and nothing else."""
    with conn.transaction():
        conn.execute(_sql("beri_hak"), {"peran": peran_login})


def asal_foto(conn: Koneksi) -> str | None:
    """Return the origin of the photo server that the photos' addresses name, if any."""
    with conn.transaction():
        baris = conn.execute(_sql("asal_foto")).fetchone()
    return baris[0] if baris else None


def pakai_foto(conn: Koneksi, asal: str) -> None:
    """Let the photos that are filled from now on lie on this photo server (:mod:`sandbox.foto`).

    Those filled for one before move with it.
    """
    with conn.transaction():
        conn.execute(_sql("pakai_foto"), {"asal": asal})


def jadwal_demo(thblrek: str, kelompok: Sequence[str] = KELOMPOK_DEMO) -> dict[str, date]:
    """Return the day each kelompok is read (one day each) for a billing month.

    One kelompok a day, the last one on the last day of the month before.
    """
    awal = _awal_bulan(thblrek)
    slot = _slot(kelompok)
    return {kode: awal - timedelta(days=len(slot) - slot.index(kode)) for kode in kelompok}


def thblrek_demo(kode: str, sekarang: datetime, kelompok: Sequence[str] = KELOMPOK_DEMO) -> str:
    """Return the kelompok's current billing month at ``sekarang``: the latest whose reading day has come."""
    hari_ini = sekarang.date()
    bulan = bulan_tambah(hari_ini.strftime("%Y%m"), 2)
    while jadwal_demo(bulan, kelompok)[kode] > hari_ini:
        bulan = bulan_tambah(bulan, -1)
    return bulan


def kelompok_berjalan(sekarang: datetime) -> set[tuple[str, str, str]]:
    """Return every kelompok of the demo with its current month in its unit's zone: unitup, hari_baca, thblrek."""
    return {
        (unit.unitup, kode, thblrek_demo(kode, sekarang.astimezone(ZoneInfo(unit.zona_waktu))))
        for unit in UNIT_DEMO
        for kode in KELOMPOK_DEMO
    }


def idpel_demo(unitup: str, kode: str, nomor: int, baris: int, kelompok: Sequence[str] = KELOMPOK_DEMO) -> str:
    """Return the idpel of row ``nomor`` (from 0) of a kelompok that holds ``baris`` rows."""
    return f"{unitup}{_nomor_awal(kode, baris, kelompok) + nomor:07d}"


def kasus_khusus(
    unitup: str, kode: str, *, baris: int = 2000, kelompok: Sequence[str] = KELOMPOK_DEMO
) -> dict[str, KasusDemo]:
    """Return the named special cases of one kelompok by idpel, with the outcome the rules must give each."""
    return {idpel_demo(unitup, kode, nomor, baris, kelompok): kasus for nomor, kasus in posisi_kasus(baris).items()}


def baris_belum(
    unitup: str, kode: str, keadaan: KeadaanDemo, *, baris: int = 2000, kelompok: Sequence[str] = KELOMPOK_DEMO
) -> dict[str, str]:
    """Return the idpel that keep a kelompok in ``keadaan`` from being ready, each with the reason."""
    return {
        idpel_demo(unitup, kode, nomor, baris, kelompok): apa for nomor, apa in posisi_belum(baris, keadaan).items()
    }


def petugas_demo(unitup: str) -> list[dict[str, Any]]:
    """Return the people of a unit: two SPV TE, a vendor, a pengawas, one with both of these roles, two readers."""
    depan, belakang = len(_NAMA_DEPAN), len(_NAMA_BELAKANG)
    peran = {
        "spv": ("ADMIN_CMT",),
        "spv_b": ("ADMIN_CMT",),
        "vendor": ("ADMIN_VENDOR",),
        "pengawas": ("PENGAWAS",),
        "rangkap": ("ADMIN_VENDOR", "PENGAWAS"),
        "baca1": ("PETUGAS_BACA",),
        "baca2": ("PETUGAS_BACA",),
    }
    hasil = []
    for urut, orang in enumerate(_ORANG):
        username = _username(orang, unitup)
        angka = int(unitup, 36) + urut * 7
        nama = f"{_NAMA_DEPAN[angka % depan]} {_NAMA_BELAKANG[angka * 3 % belakang]}"
        hasil += [
            {"username": username, "nama": nama, "email": f"{username}@pln.example", "peran": satu, "unitup": unitup}
            | {"aktif": True}
            for satu in peran[orang]
        ]
    return hasil


def isi(
    conn: Koneksi,
    *,
    benih: int = 1,
    baris: int = 2000,
    unit: Sequence[UnitDemo] = UNIT_DEMO,
    thblrek: str | None = None,
    kelompok: Sequence[str] = KELOMPOK_DEMO,
    sekarang: datetime | None = None,
    keadaan: Mapping[str, KeadaanDemo] | None = None,
    kecuali: Collection[tuple[str, str, str]] = (),
    riwayat: int = BULAN_RIWAYAT,
    kabar: Kabar | None = None,
) -> Ringkasan:
    """Fill the demo: units, people, calendar, and ``baris`` readings for each kelompok of each unit.

    A kelompok that is filled again is replaced. One kelompok is one transaction, unless the caller has one open.

    :param thblrek: billing month; ``None``: each kelompok's current one at ``sekarang`` in its unit's zone.
    :param sekarang: the clock (aware); no instant is later, but the one stamp that is wrong by being so.
        A kelompok whose reading day is later is all unread.
    :param keadaan: kelompok that are not ready, e.g. ``{"T": KeadaanDemo.BELUM_DIBACA}``.
    :param kecuali: kelompok to leave as they are (unitup, hari_baca, thblrek).
    :param riwayat: months before each customer's current one that ``v_riwayat`` shows; 0: none.
    :param kabar: called with a progress line after each kelompok.
    :raises ValueError: more rows than a unit has numbers for (10 million, shared by the kelompok).
    """
    mulai = time.monotonic()
    jam = (sekarang or datetime.now(UTC)).astimezone(UTC)
    berfoto = asal_foto(conn) is not None
    hasil: dict[tuple[str, str], str] = {}
    total = 0
    for satu in unit:
        setempat = jam.astimezone(ZoneInfo(satu.zona_waktu))
        bulan = {kode: thblrek or thblrek_demo(kode, setempat, kelompok) for kode in kelompok}
        _isi_induk(conn, satu, {*bulan.values(), setempat.strftime("%Y%m")}, kelompok)
        baru = [kode for kode in kelompok if (satu.unitup, kode, bulan[kode]) not in kecuali]
        hasil |= {(satu.unitup, kode): bulan[kode] for kode in baru}
        lembar = [
            _Lembar(
                *(satu, bulan[kode], kode, baris, benih, jam, tuple(kelompok), riwayat),
                (keadaan or {}).get(kode),
                berfoto,
            )
            for kode in baru
        ]
        for satu_lembar in _salin(conn, lembar):
            total += baris
            if kabar:
                kode = satu_lembar.kode
                kabar(f"{satu.nama} ({satu.unitup}) {kode} {bulan[kode]}: {baris:,} baris; seluruhnya {total:,}")
    with conn.transaction():
        conn.execute(_sql("analisis_bacaan"))
    return Ringkasan(total, hasil, time.monotonic() - mulai)


def pelanggan(conn: Koneksi, thblrek: str) -> Iterator[tuple[str, str, str, str, int | None]]:
    """Stream ``(idpel, unitup, thblrek, hari_baca, daya in VA)`` of a billing month's customers."""
    with conn.transaction(), conn.cursor(name="acmt_demo_pelanggan") as kursor:
        kursor.itersize = _BLOK
        kursor.execute(_sql("pelanggan"), {"thblrek": thblrek})
        yield from kursor


def terisi(conn: Koneksi) -> set[tuple[str, str, str]]:
    """Return the kelompok that hold readings, each as unitup, hari_baca, thblrek."""
    with conn.transaction():
        return {(unitup, kode, thblrek) for unitup, kode, thblrek in conn.execute(_sql("terisi"))}


# ---------------------------------------------------------------------------------------------- one kelompok


class _Lembar(NamedTuple):
    """One kelompok to fill. ``berfoto``: a photo server draws its photos."""

    unit: UnitDemo
    thblrek: str
    kode: str
    baris: int
    benih: int
    jam: datetime
    kelompok: tuple[str, ...]
    riwayat: int
    keadaan: KeadaanDemo | None
    berfoto: bool

    @property
    def kunci(self) -> dict[str, str]:
        """The kelompok's key, as the SQL binds it."""
        return {"unitup": self.unit.unitup, "thblrek": self.thblrek, "hari_baca": self.kode}

    @property
    def bulan(self) -> dict[str, Any]:
        """The billing month as the SQL of earlier months binds it."""
        return self.kunci | {"urut": _urut(self.thblrek)}


class _Teks(NamedTuple):
    """A block as COPY text: its readings, and one row of use a customer. ``kasus``: its cases' months, as JSON."""

    bacaan: str
    pemakaian: str
    kasus: str


def _salin(conn: Koneksi, lembar: Sequence[_Lembar]) -> Iterator[_Lembar]:
    """Replace kelompok after kelompok, and yield each when it is in.

    Block by block, so memory stays flat however large a kelompok is. The next block is made while the server takes in
    this one.
    """
    antrean = [(satu, dari, min(dari + _BLOK, satu.baris)) for satu in lembar for dari in range(0, satu.baris, _BLOK)]
    with ThreadPoolExecutor(1) as pembuat:
        depan = pembuat.submit(_blok, *antrean[0]) if antrean else None
        ke = 0
        for satu in lembar:
            with conn.transaction(), conn.cursor() as kursor:
                for lama in ("hapus_pemakaian", "hapus_riwayat"):
                    kursor.execute(_sql(lama), satu.bulan)
                kursor.execute(_sql("hapus_kelompok"), satu.kunci)
                while depan and ke < len(antrean) and antrean[ke][0] is satu:
                    teks = depan.result()
                    ke += 1
                    depan = pembuat.submit(_blok, *antrean[ke]) if ke < len(antrean) else None
                    with kursor.copy(_sql("salin_bacaan")) as salinan:
                        salinan.write(teks.bacaan)
                    if satu.riwayat:
                        with kursor.copy(_sql("salin_pemakaian")) as salinan:
                            salinan.write(teks.pemakaian)
                        kursor.execute(_sql("simpan_riwayat"), {"sebelum": satu.thblrek, "bulan": teks.kasus})
            yield satu


def _blok(lembar: _Lembar, dari: int, sampai: int) -> _Teks:
    """Return rows ``dari`` to ``sampai`` (excluded) of a kelompok."""
    acak = _acak(lembar, lembar.thblrek, dari)
    jumlah = sampai - dari
    ukur = _Ukur(lembar, dari, jumlah)
    letak = _letak(lembar, dari, sampai)
    kolom: dict[str, list[str] | _Obj] = {}
    kolom |= _kolom_pelanggan(lembar, letak, dari, acak)
    kolom |= _kolom_ukur(lembar, ukur)
    kolom |= _kolom_waktu(lembar, letak, acak)
    daftar = {nama: isi_ if isinstance(isi_, list) else isi_.tolist() for nama, isi_ in kolom.items()}
    kasus = {nomor: satu for nomor, satu in posisi_kasus(lembar.baris).items() if dari <= nomor < sampai}
    pemakaian = _teks_pemakaian(lembar, letak, ukur, {nomor - dari for nomor in kasus}) if lembar.riwayat else ""
    _pasang_kasus(lembar, daftar, dari, kasus)
    baca_lalu = daftar.get("tgl_baca_lalu", ["\\N"] * jumlah)
    lalu = [
        bulan
        for nomor, satu in kasus.items()
        for bulan in _bulan_kasus(lembar, letak.satu(nomor - dari), satu, baca_lalu[nomor - dari])
    ]
    if lembar.berfoto:
        lalu = _pasang_foto(lembar, letak, daftar, {nomor - dari for nomor in kasus}, lalu)
    _pasang_keadaan(lembar, daftar, dari, sampai)
    # a fresh iterator for each column that nobody filled: zip would exhaust a common one
    urut = [daftar.get(nama) or repeat("\\N", jumlah) for nama in (*KOLOM_BACAAN, *KOLOM_PILIHAN)]
    bacaan = "\n".join(map("\t".join, zip(*urut, strict=True))) + "\n"
    return _Teks(bacaan, pemakaian, json.dumps([bulan._asdict() for bulan in lalu], default=str))


def _acak(lembar: _Lembar, apa: str, dari: int) -> np.random.Generator:
    """Return the random numbers of a block of a kelompok for ``apa``: a month, or what is the same in every month."""
    kunci = f"{lembar.unit.unitup}/{apa}/{lembar.kode}/{dari // _BLOK}".encode()
    return np.random.default_rng([lembar.benih, *kunci])


class _Letak(NamedTuple):
    """Who customers are and where they live, in whole numbers, the same in every month.

    ``nomor``: the customer's number in its unit. ``lintang``, ``bujur``: millionths of a degree.
    """

    unitup: str
    idpel: Sequence[str]
    nomor: _Int
    lintang: _Int
    bujur: _Int

    def satu(self, ke: int) -> _Letak:
        """Return one of the customers alone."""
        ini = slice(ke, ke + 1)
        return _Letak(self.unitup, self.idpel[ini], self.nomor[ini], self.lintang[ini], self.bujur[ini])

    # What is read of a customer in a month: the view v_riwayat computes the same.

    def tempat(self, thblrek: str) -> tuple[_Int, _Int]:
        """Return where the meters were read in a month, some metres from where they are."""
        urut = _urut(thblrek)
        lintang: _Int = self.lintang + ((self.nomor + urut * 5) % 9 - 4) * 10
        bujur: _Int = self.bujur + ((self.nomor * 2 + urut * 7) % 9 - 4) * 10
        return lintang, bujur

    def menit(self, thblrek: str) -> _Int:
        """Return the minutes since local midnight at which the meters were read in a month: 07:00 to 15:00."""
        menit: _Int = 420 + (self.nomor * 37 + _urut(thblrek) * 101) % 480
        return menit

    def pembaca(self, thblrek: str) -> _Obj:
        """Return who read the meters in a month."""
        dua = np.array([_username(orang, self.unitup) for orang in ("baca1", "baca2")], dtype=object)
        siapa: _Obj = dua[(self.nomor + _urut(thblrek)) % 2]
        return siapa

    def cacat(self, thblrek: str) -> list[str]:
        """Return what is wrong with the photos of a month: five of a hundred."""
        cacat: list[str] = _CACAT[(self.nomor * 7 + _urut(thblrek) * 3) % len(_CACAT)].tolist()
        return cacat


def _letak(lembar: _Lembar, dari: int, sampai: int) -> _Letak:
    """Return who the customers of a block are, within some 4 km of the unit's middle."""
    unitup, awal = lembar.unit.unitup, _nomor_awal(lembar.kode, lembar.baris, lembar.kelompok)
    nomor = np.arange(awal + dari, awal + sampai)
    acak = _acak(lembar, "tempat", dari)
    lintang, bujur = (
        int(derajat * 1_000_000) + 37 * acak.integers(-1000, 1000, size=sampai - dari)
        for derajat in (lembar.unit.lintang, lembar.unit.bujur)
    )
    return _Letak(unitup, [f"{unitup}{satu:07d}" for satu in nomor.tolist()], nomor, lintang, bujur)


def _kolom_pelanggan(
    lembar: _Lembar, letak: _Letak, dari: int, acak: np.random.Generator
) -> dict[str, list[str] | _Obj]:
    """Who and where: keys, KDDK (unit 3, area 1, rute 2, urut 4, sisipan 2), name, photo, place."""
    unit, jumlah, nama = lembar.unit, len(letak.idpel), _nama_pelanggan()
    langkah = min(max(250, -(-lembar.baris // 100)), 9999)
    slot = _slot(lembar.kelompok)
    pangkal = f"{unit.unitup[-3:]}{chr(65 + slot.index(lembar.kode) % 26)}"
    tanpa_foto = (acak.random(jumlah) < 0.005).tolist()
    lintang, bujur = map(_teks_mikro, letak.tempat(lembar.thblrek))
    return {
        "idpel": list(letak.idpel),
        "unitup": [unit.unitup] * jumlah,
        "thblrek": [lembar.thblrek] * jumlah,
        "hari_baca": [lembar.kode] * jumlah,
        "kddk": [f"{pangkal}{ke // langkah % 100:02d}{ke % langkah + 1:04d}00" for ke in range(dari, dari + jumlah)],
        "nama": nama[_acak(lembar, "nama", dari).integers(len(nama), size=jumlah)],
        "petugas_baca": letak.pembaca(lembar.thblrek),
        "kode_baca": ["00"] * jumlah,
        "foto_url": [
            "\\N" if tanpa else alamat_foto(nomor, lembar.thblrek)
            for tanpa, nomor in zip(tanpa_foto, letak.idpel, strict=True)
        ],
        "latitude": lintang,
        "longitude": bujur,
    }


class _Ukur:
    """The meters of a block of customers: what they are, and what each month moves them by, in thousandths."""

    def __init__(self, lembar: _Lembar, dari: int, jumlah: int) -> None:
        self._lembar, self._dari, self._jumlah = lembar, dari, jumlah
        acak = _acak(lembar, "tetap", dari)
        porsi = np.array([golongan.porsi for golongan in _GOLONGAN], dtype=np.float64)
        self.pilih = np.searchsorted(np.cumsum(porsi) / porsi.sum(), acak.random(jumlah), side="right")
        self.daya, self.fkm, desimal, digit, dua = (
            _int_golongan(self.pilih, nama) for nama in ("daya", "fkm", "desimal", "digit", "dua_tarif")
        )
        self.dua, self._satuan = dua > 0, 10 ** (3 - desimal)
        self._jam = _int_golongan(self.pilih, "jam") * acak.lognormal(0, 0.45, jumlah)
        self._register = 10**digit * 1000
        self._awal = acak.integers(0, 10**digit * 6 // 10) * 1000
        self._selang = acak.integers(200, size=jumlah)  # 2 of 100 take turns through _SELANG
        self._jam = np.where(self._selang < len(_SELANG), np.minimum(self._jam, 350), self._jam)
        self._pakai: dict[str, _Int] = {}

    def pakai(self, thblrek: str) -> _Int:
        """Return what a month's reading moves both registers by: the customer's own hours, more or less, below 720.

        A season and a little noise: no month is unusual among the customer's own.
        """
        if thblrek not in self._pakai:
            self._pakai[thblrek] = self._hitung_pakai(thblrek)
        return self._pakai[thblrek]

    def _hitung_pakai(self, thblrek: str) -> _Int:
        acak, urut = _acak(self._lembar, f"pakai/{thblrek}", self._dari), _urut(thblrek)
        giliran = np.array(_SELANG)[(self._selang + urut) % len(_SELANG)]
        lain = np.where(self._selang < len(_SELANG), giliran, 1000) * _MUSIM[urut % 12] / 1000
        jam = self._jam * acak.integers(880, 1150, size=self._jumlah) * lain / 1000
        jam_milli = np.where(lain > 0, np.clip(jam, 3_000, 719_000), 0).astype(np.int64)
        pakai: _Int = self.daya * jam_milli // 1000 // self.fkm // self._satuan * self._satuan
        return pakai

    def gerak(self, thblrek: str) -> dict[str, _Int]:
        """Return what a month moves each register by."""
        pakai = self.pakai(thblrek)
        wbp = self.bagian(pakai, 18)
        return {"lwbp": pakai - wbp, "wbp": wbp, "kvarh": self.bagian(pakai, 35)}

    def sejak_awal(self, thblrek: str) -> dict[str, _Int]:
        """Return how far each register is from where it stands in ``_BULAN_AWAL``, as a month begins."""
        hasil = dict.fromkeys(("lwbp", "wbp", "kvarh"), np.zeros(self._jumlah, dtype=np.int64))
        dari, sampai = sorted((_BULAN_AWAL, thblrek))
        arah = 1 if thblrek >= _BULAN_AWAL else -1
        for bulan in _bulan_antara(dari, sampai):
            hasil = {nama: hasil[nama] + arah * gerak for nama, gerak in self.gerak(bulan).items()}
        return hasil

    def bagian(self, pakai: _Int, persen: int) -> _Int:
        """Return the part of a month's consumption that one register of a two-tariff meter shows."""
        return np.where(self.dua, pakai * persen // 100 // self._satuan * self._satuan, 0)

    def stan(self, bagi: int, gerak: _Int) -> _Int:
        """Return where a register stands that began at a ``bagi``-th of the LWBP register and moved by so much."""
        hasil: _Int = (self._awal // bagi // self._satuan * self._satuan + gerak) % self._register
        return hasil


def _kolom_ukur(lembar: _Lembar, ukur: _Ukur) -> dict[str, list[str] | _Obj]:
    """Tariff, factors, stands and kWh. Consumption is log-normal in hours, below 720, and integers from there on."""
    awal = ukur.sejak_awal(lembar.thblrek)
    akhir = {nama: awal[nama] + gerak for nama, gerak in ukur.gerak(lembar.thblrek).items()}
    kini, *lalu = (ukur.pakai(bulan_tambah(lembar.thblrek, -ke)) for ke in range(4))
    teks = {
        nama: np.array([str(getattr(golongan, nama)) for golongan in _GOLONGAN], dtype=object)[ukur.pilih]
        for nama in ("tarif", "daya", "fkm", "digit")
    }
    return {
        "tarif": teks["tarif"],
        "daya": teks["daya"],
        "fkmkwh": teks["fkm"],
        "fkmkvarh": np.where(ukur.dua, teks["fkm"], "\\N"),
        "digit_meter": teks["digit"],
        "slalwbp": _teks_milli(ukur.stan(1, awal["lwbp"])),
        "sahlwbp": _teks_milli(ukur.stan(1, akhir["lwbp"])),
        "slawbp": _teks_milli_bila(ukur.dua, ukur.stan(5, awal["wbp"])),
        "sahwbp": _teks_milli_bila(ukur.dua, ukur.stan(5, akhir["wbp"])),
        "slakvarh": _teks_milli_bila(ukur.dua, ukur.stan(3, awal["kvarh"])),
        "sahkvarh": _teks_milli_bila(ukur.dua, ukur.stan(3, akhir["kvarh"])),
        "pemkwh": _teks_milli(kini * ukur.fkm),
        "pemkwh_lalu": _teks_milli(lalu[0] * ukur.fkm),
        "pemkwh_rata3": _teks_milli((lalu[0] + lalu[1] + lalu[2]) * ukur.fkm // 3),
    }


def _teks_pemakaian(lembar: _Lembar, letak: _Letak, ukur: _Ukur, kecuali: Collection[int]) -> str:
    """Return COPY text: of each customer the stan akhir and the kWh of the months before, the latest first.

    :param kecuali: rows of the block (from 0) whose months are kept otherwise: the named cases.
    """
    stan: dict[str, list[_Int]] = {"lwbp": [], "wbp": []}
    kwh: list[_Int] = []
    akhir = ukur.sejak_awal(lembar.thblrek)
    for ke in range(1, lembar.riwayat + 1):
        bulan = bulan_tambah(lembar.thblrek, -ke)
        stan["lwbp"].append(ukur.stan(1, akhir["lwbp"]))
        stan["wbp"].append(ukur.stan(5, akhir["wbp"]))
        kwh.append(ukur.pakai(bulan) * ukur.fkm)
        akhir = {nama: akhir[nama] - gerak for nama, gerak in ukur.gerak(bulan).items()}
    wbp = [satu if dua else "\\N" for satu, dua in zip(_teks_larik(stan["wbp"]), ukur.dua.tolist(), strict=True)]
    urut, hari = str(_urut(lembar.thblrek)), str(_teks_waktu(lembar).tengah_malam)
    semua = zip(
        letak.idpel,
        *(map(str, satu.tolist()) for satu in (ukur.daya, letak.lintang, letak.bujur)),
        _teks_larik(stan["lwbp"]),
        wbp,
        _teks_larik(kwh),
        strict=True,
    )
    return "".join(
        "\t".join((idpel, urut, hari, *lain)) + "\n" for ke, (idpel, *lain) in enumerate(semua) if ke not in kecuali
    )


def _bulan_kasus(lembar: _Lembar, letak: _Letak, kasus: KasusDemo, baca_lalu: str) -> list[BulanLalu]:
    """Return the months before of a named case: read like those of its neighbours, with numbers of its own."""
    dasar = []
    for ke in range(1, lembar.riwayat + 1):
        bulan = bulan_tambah(lembar.thblrek, -ke)
        hari = _teks_waktu(lembar).tengah_malam - (_awal_bulan(lembar.thblrek) - _awal_bulan(bulan))
        lintang, bujur = (Decimal(int(sumbu[0])).scaleb(-6) for sumbu in letak.tempat(bulan))
        dasar.append(
            BulanLalu(
                letak.idpel[0],
                bulan,
                tgl_baca=hari + timedelta(minutes=int(letak.menit(bulan)[0])),
                kode_baca="00",
                petugas_baca=str(letak.pembaca(bulan)[0]),
                foto_url=alamat_foto(letak.idpel[0], bulan),
                latitude=lintang,
                longitude=bujur,
            )
        )
    return bulan_kasus(kasus, dasar, None if baca_lalu == "\\N" else datetime.fromisoformat(baca_lalu))


def _kolom_waktu(lembar: _Lembar, letak: _Letak, acak: np.random.Generator) -> dict[str, list[str] | _Obj]:
    """Read between 07:00 and 15:00 local, then pengawas, vendor and sending: in that order, none after the clock."""
    unit, jumlah = lembar.unit.unitup, len(letak.idpel)
    waktu = _teks_waktu(lembar)
    if waktu.belum_mulai:
        kosong = ("petugas_baca", "kode_baca", "foto_url", "latitude", "longitude", "sahlwbp", "sahwbp", "sahkvarh")
        return {nama: ["\\N"] * jumlah for nama in (*kosong, "pemkwh")}
    awas, periksa = (acak.integers(mulai, selesai, size=jumlah) for mulai, selesai in ((960, 1080), (1080, 1140)))
    return {
        "tgl_baca": waktu.menit[letak.menit(lembar.thblrek)],
        "verif_pengawas_oleh": [_username("pengawas", unit)] * jumlah,
        "verif_pengawas_pada": waktu.menit[awas],
        "verif_vendor_oleh": [_username("vendor", unit)] * jumlah,
        "verif_vendor_pada": waktu.menit[periksa],
        "kirim_oleh": [_username("vendor", unit)] * jumlah,
        "kirim_pada": [str(waktu.menit[1170])] * jumlah,
    }


class _TeksWaktu:
    """The minutes of a kelompok's reading day as text in UTC, index = minutes since local midnight.

    When the clock stands within the day, the day is squeezed so that its end is now.
    """

    def __init__(self, lembar: _Lembar) -> None:
        hari = jadwal_demo(lembar.thblrek, lembar.kelompok)[lembar.kode]
        awal = datetime(hari.year, hari.month, hari.day, tzinfo=ZoneInfo(lembar.unit.zona_waktu)).astimezone(UTC)
        self.tengah_malam = awal
        lewat = int((lembar.jam - awal).total_seconds())
        self.belum_mulai = lewat < 0
        panjang = min(max(lewat, 0), 86_400)
        self.menit: _Obj = np.array(
            [f"{awal + timedelta(seconds=panjang * menit // 1440):%Y-%m-%d %H:%M:%S}+00" for menit in range(1441)],
            dtype=object,
        )


def _pasang_kasus(lembar: _Lembar, kolom: dict[str, list[str]], dari: int, semua: Mapping[int, KasusDemo]) -> None:
    """Put the named cases into their rows."""
    if _teks_waktu(lembar).belum_mulai:
        return
    for nomor, kasus in semua.items():
        ke = nomor - dari
        foto = foto_kasus(kasus, kolom["idpel"][ke], lembar.thblrek, lembar.kode)
        nilai = {"kelainan": None, **kasus.nilai, "foto_url": foto}
        if hari := nilai.get("tgl_baca_lalu"):  # days before this month's reading
            lalu = datetime.fromisoformat(kolom["tgl_baca"][ke]) + timedelta(days=int(hari))
            nilai["tgl_baca_lalu"] = f"{lalu:%Y-%m-%d %H:%M:%S}+00"
        _timpa(kolom, ke, nilai)


def _pasang_foto(
    lembar: _Lembar, letak: _Letak, kolom: dict[str, list[str]], kasus: Collection[int], lalu: Sequence[BulanLalu]
) -> list[BulanLalu]:
    """Move the photos to the photo server, and return the cases' earlier months with theirs.

    A photo that is used twice keeps one address. Those of named cases (rows ``kasus``) have no fault.
    """
    semua_bulan = {lembar.thblrek, *(bulan.thblrek for bulan in lalu)}
    hari = {bulan: jadwal_demo(bulan, lembar.kelompok)[lembar.kode] for bulan in semua_bulan}
    pernah = {
        bulan.foto_url: jalan_foto(bulan.foto_url, hari[bulan.thblrek], bulan.sahlwbp, bulan.sahwbp)
        for bulan in lalu
        if bulan.foto_url
    }
    cacat = ["" if ke in kasus else apa for ke, apa in enumerate(letak.cacat(lembar.thblrek))]
    kolom["foto_url"] = [
        foto if foto == "\\N" else pernah.get(foto) or jalan_foto(foto, hari[lembar.thblrek], lwbp, wbp, apa)
        for foto, lwbp, wbp, apa in zip(kolom["foto_url"], kolom["sahlwbp"], kolom["sahwbp"], cacat, strict=True)
    ]
    return [bulan._replace(foto_url=pernah.get(bulan.foto_url or "")) for bulan in lalu]


def _pasang_keadaan(lembar: _Lembar, kolom: dict[str, list[str]], dari: int, sampai: int) -> None:
    """Take from every tenth row what the kelompok's state lacks."""
    if lembar.keadaan is None or _teks_waktu(lembar).belum_mulai:
        return
    for nomor, alasan in posisi_belum(lembar.baris, lembar.keadaan).items():
        if dari <= nomor < sampai:
            _timpa(kolom, nomor - dari, _kurang(lembar, alasan))


def _kurang(lembar: _Lembar, alasan: str) -> dict[str, str | None]:
    """Return the columns that make a row unready for ``alasan``."""
    kirim: dict[str, str | None] = dict.fromkeys(("kirim_oleh", "kirim_pada"))
    verif: dict[str, str | None] = kirim | dict.fromkeys(
        f"verif_{siapa}_{apa}" for siapa in ("pengawas", "vendor") for apa in ("oleh", "pada")
    )
    isian = ("tgl_baca", "petugas_baca", "kode_baca", "sahlwbp", "sahwbp", "sahkvarh", "pemkwh", "foto_url")
    waktu, unit = _teks_waktu(lembar).menit, lembar.unit.unitup
    return {
        KeadaanDemo.BELUM_DIKIRIM.value: kirim,
        KeadaanDemo.BELUM_VERIFIKASI.value: verif,
        KeadaanDemo.BELUM_DIBACA.value: verif | dict.fromkeys(isian),
        "BUKAN_PENGAWAS": {"verif_pengawas_oleh": _username("baca1", unit)},
        "SEBELUM_BACA": {"verif_pengawas_pada": str(waktu[0])},
        "DIUBAH_SESUDAH": {"diubah_pada": str(waktu[1439])},
        "MASA_DEPAN": {"kirim_pada": f"{lembar.jam + timedelta(days=1):%Y-%m-%d %H:%M:%S}+00"},
        "ORANG_SAMA": dict.fromkeys(("verif_pengawas_oleh", "verif_vendor_oleh"), _username("rangkap", unit)),
    }[alasan]


def _timpa(kolom: dict[str, list[str]], ke: int, nilai: Mapping[str, str | None]) -> None:
    """Overwrite row ``ke`` of the columns. A column not filled so far is created."""
    jumlah = len(kolom["idpel"])
    for nama, isi_ in nilai.items():
        if nama not in kolom:
            kolom[nama] = ["\\N"] * jumlah
        kolom[nama][ke] = "\\N" if isi_ is None else isi_


# ---------------------------------------------------------------------------------------------- small parts

_CACAT: _Obj = np.array(
    [Cacat.BURAM.value, Cacat.BURAM.value, Cacat.GELAP.value, Cacat.HILANG.value, Cacat.ANGKA_LAIN.value, *[""] * 95],
    dtype=object,
)
_PECAHAN: _Obj = np.array([f".{ke:03d}".rstrip("0").rstrip(".") for ke in range(1000)], dtype=object)


@cache
def _nama_pelanggan() -> _Obj:
    return np.array([f"{depan} {belakang}" for depan in _NAMA_DEPAN for belakang in _NAMA_BELAKANG], dtype=object)


@lru_cache(4)
def _teks_waktu(lembar: _Lembar) -> _TeksWaktu:
    return _TeksWaktu(lembar)


def _teks_milli(milli: _Int) -> _Obj:
    """Thousandths (not negative) to decimal text, exactly: 1250125 is '1250.125', 3000 is '3'."""
    bulat, pecahan = np.divmod(milli, 1000)
    teks = np.array(list(map(str, bulat.tolist())), dtype=object)
    ada = np.flatnonzero(pecahan)
    teks[ada] += _PECAHAN[pecahan[ada]]
    return teks


def _teks_milli_bila(ada: NDArray[np.bool_], milli: _Int) -> _Obj:
    """As :func:`_teks_milli` where ``ada``, NULL elsewhere."""
    teks = np.full(len(milli), "\\N", dtype=object)
    teks[ada] = _teks_milli(milli[ada])
    return teks


def _teks_mikro(mikro: _Int) -> _Obj:
    """Millionths to decimal text, exactly: -6900037 is '-6.900037'."""
    bulat, pecahan = (satu.tolist() for satu in np.divmod(np.abs(mikro), 1_000_000))
    tanda = np.where(mikro < 0, "-", "").tolist()
    semua = zip(tanda, bulat, pecahan, strict=True)
    return np.array([f"{minus}{depan}.{belakang:06d}" for minus, depan, belakang in semua], dtype=object)


def _teks_larik(bulan: Sequence[_Int]) -> list[str]:
    """Return each customer's months as the text of a PostgreSQL array, of one array of customers a month."""
    return [f"{{{satu}}}" for satu in str(np.stack(bulan, axis=1).tolist())[2:-2].split("], [")]


def _int_golongan(pilih: NDArray[np.intp], nama: str) -> _Int:
    return np.array([int(getattr(golongan, nama)) for golongan in _GOLONGAN], dtype=np.int64)[pilih]


def _slot(kelompok: Sequence[str]) -> tuple[str, ...]:
    """Return the order that a kelompok's numbers and reading day follow: A to T, or the given codes if others."""
    return KELOMPOK_DEMO if set(kelompok) <= set(KELOMPOK_DEMO) else tuple(kelompok)


def _nomor_awal(kode: str, baris: int, kelompok: Sequence[str]) -> int:
    """Return the first customer number (7 digits) of a kelompok, as all share a unit's 10 million evenly.

    A kelompok too large for its share gets one of the given kelompok alone (``kelompok=("A",)``: all of it).
    """
    slot = _slot(kelompok)
    lebar = _NOMOR_PER_UNIT // len(slot)
    if baris > lebar:
        slot = tuple(kelompok)
        lebar = _NOMOR_PER_UNIT // len(slot)
    if baris > lebar:
        raise ValueError(
            f"{baris:,} baris per kelompok terlalu banyak untuk {len(slot)} kelompok: paling banyak {lebar:,}."
        )
    return slot.index(kode) * lebar


def _urut(thblrek: str) -> int:
    """Return a month's number: months since the year 0."""
    return int(thblrek[:4]) * 12 + int(thblrek[4:]) - 1


def _awal_bulan(thblrek: str) -> date:
    return date(int(thblrek[:4]), int(thblrek[4:]), 1)


def _bulan_antara(dari: str, sampai: str) -> Iterator[str]:
    """Yield the months from one on until another, which is left out."""
    return (bulan_tambah(dari, ke) for ke in range(_urut(sampai) - _urut(dari)))


def _username(orang: str, unitup: str) -> str:
    """Return a username such as ``spv54110``, its second ``spv54110b``, readers ``baca54110a`` and ``baca54110b``."""
    pola = {"spv_b": f"spv{unitup}b", "baca1": f"baca{unitup}a", "baca2": f"baca{unitup}b"}
    return pola.get(orang, f"{orang}{unitup}")


def _isi_induk(conn: Koneksi, unit: UnitDemo, bulan: set[str], kelompok: Sequence[str]) -> None:
    """Write the unit, its people, and its calendar for the given months and the ones after them."""
    jadwal = [
        {"unitup": unit.unitup, "thblrek": satu, "hari_baca": kode, "tgl_mulai": hari, "jumlah_hari": 1}
        for satu in sorted(bulan | {bulan_tambah(thblrek, 1) for thblrek in bulan})
        for kode, hari in jadwal_demo(satu, kelompok).items()
    ]
    nilai = unit._asdict()
    with conn.transaction(), conn.cursor() as kursor:
        kursor.execute(
            _sql("simpan_unit"), {nama: nilai[nama] for nama in ("unitup", "nama", "unitap", "unitupi", "zona_waktu")}
        )
        kursor.executemany(_sql("simpan_petugas"), petugas_demo(unit.unitup))
        kursor.executemany(_sql("simpan_jadwal"), jadwal)


def _sql(nama: str) -> bytes:
    return semua_di(Path(__file__).parent, "acmt_demo")[nama].encode()


def utama(perintah: Sequence[str] | None = None) -> int:
    """Command line: create the demo in a database and fill it."""
    urai = argparse.ArgumentParser(prog="python -m sandbox.acmt_demo", description="Pasang dan isi ACMT demo.")
    urai.add_argument("--url", required=True, help="postgresql://… basis data yang diisi")
    urai.add_argument("--baris", type=int, default=2000, help="baris per kelompok per unit (bawaan 2000)")
    urai.add_argument("--benih", type=int, default=1, help="benih acak (bawaan 1)")
    urai.add_argument("--thblrek", help="bulan rekening YYYYMM (bawaan: bulan berjalan tiap kelompok)")
    urai.add_argument("--kelompok", default=",".join(KELOMPOK_DEMO), help="kode kelompok, dipisah koma")
    urai.add_argument(
        "--riwayat", type=int, default=BULAN_RIWAYAT, help=f"bulan riwayat per pelanggan (bawaan {BULAN_RIWAYAT})"
    )
    urai.add_argument("--peran", help="peran login yang diberi hak baca")
    pilihan = urai.parse_args(perintah)
    with psycopg.connect(pilihan.url, autocommit=True) as conn:
        pasang(conn)
        hasil = isi(
            conn,
            benih=pilihan.benih,
            baris=pilihan.baris,
            thblrek=pilihan.thblrek,
            kelompok=tuple(pilihan.kelompok.split(",")),
            riwayat=pilihan.riwayat,
            kabar=lambda baris: print(baris, flush=True),
        )
        if pilihan.peran:
            beri_hak(conn, pilihan.peran)
    print(f"Selesai: {hasil.baris:,} baris dalam {hasil.detik:.1f} s ({hasil.baris / hasil.detik:,.0f} baris/s).")
    return 0


if __name__ == "__main__":
    sys.exit(utama())
