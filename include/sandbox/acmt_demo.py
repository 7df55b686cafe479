"""A demo ACMT database: the contract's views over tables of its own, filled from a seed at any size.

Everything is read, verified and sent properly (the kelompok is ready), but for the named special cases of
:mod:`sandbox.acmt_kasus`, which every kelompok holds, and the kelompok whose state is chosen otherwise.

The same seed, size, month and clock give the same data, whatever else is filled before or after. Months hang
together: a customer keeps its tariff, factor and meter, and begins each month where the last one ended (named cases do
not). Stored numbers are built from integers (thousandths of a register unit). Floats only choose them.
"""

from __future__ import annotations

import argparse
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

from ap2t.domain.model import KOLOM_BACAAN, KOLOM_PILIHAN
from ap2t.sql import semua_di
from sandbox.acmt_kasus import KasusDemo, KeadaanDemo, posisi_belum, posisi_kasus

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
"""The month from which on the meters run. In earlier months they stand where they begin."""
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
            "v_unit",
            "v_petugas",
            "v_jadwal_hari_baca",
            "v_bacaan",
            "fungsi_kembalikan_verifikasi",
            "fungsi_beri_hak",
        ):
            conn.execute(_sql(nama))


def beri_hak(conn: Koneksi, peran_login: str) -> None:
    """Let an existing role read the four views and call ``kembalikan_verifikasi``, and nothing else."""
    with conn.transaction():
        conn.execute(_sql("beri_hak"), {"peran": peran_login})


def jadwal_demo(thblrek: str, kelompok: Sequence[str] = KELOMPOK_DEMO) -> dict[str, date]:
    """Return the day each kelompok is read (one day each) for a billing month.

    One kelompok a day, the last one on the last day of the month before.
    """
    awal = date(int(thblrek[:4]), int(thblrek[4:]), 1)
    slot = _slot(kelompok)
    return {kode: awal - timedelta(days=len(slot) - slot.index(kode)) for kode in kelompok}


def thblrek_demo(kode: str, sekarang: datetime, kelompok: Sequence[str] = KELOMPOK_DEMO) -> str:
    """Return the kelompok's current billing month at ``sekarang``: the latest whose reading day has come."""
    hari_ini = sekarang.date()
    bulan = _bulan_berikut(hari_ini.strftime("%Y%m"), 2)
    while jadwal_demo(bulan, kelompok)[kode] > hari_ini:
        bulan = _bulan_berikut(bulan, -1)
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
    kabar: Kabar | None = None,
) -> Ringkasan:
    """Fill the demo: units, people, calendar, and ``baris`` readings for each kelompok of each unit.

    A kelompok that is filled again is replaced. One kelompok is one transaction, unless the caller has one open.

    :param thblrek: billing month; ``None``: each kelompok's current one at ``sekarang`` in its unit's zone.
    :param sekarang: the clock (aware); no instant is later, but the one stamp that is wrong by being so.
        A kelompok whose reading day is later is all unread.
    :param keadaan: kelompok that are not ready, e.g. ``{"T": KeadaanDemo.BELUM_DIBACA}``.
    :param kecuali: kelompok to leave as they are (unitup, hari_baca, thblrek).
    :param kabar: called with a progress line after each kelompok.
    :raises ValueError: more rows than a unit has numbers for (10 million, shared by the kelompok).
    """
    mulai = time.monotonic()
    jam = (sekarang or datetime.now(UTC)).astimezone(UTC)
    hasil: dict[tuple[str, str], str] = {}
    total = 0
    for satu in unit:
        setempat = jam.astimezone(ZoneInfo(satu.zona_waktu))
        bulan = {kode: thblrek or thblrek_demo(kode, setempat, kelompok) for kode in kelompok}
        _isi_induk(conn, satu, {*bulan.values(), setempat.strftime("%Y%m")}, kelompok)
        baru = [kode for kode in kelompok if (satu.unitup, kode, bulan[kode]) not in kecuali]
        hasil |= {(satu.unitup, kode): bulan[kode] for kode in baru}
        lembar = [
            _Lembar(satu, bulan[kode], kode, baris, benih, jam, tuple(kelompok), (keadaan or {}).get(kode))
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
    """One kelompok to fill."""

    unit: UnitDemo
    thblrek: str
    kode: str
    baris: int
    benih: int
    jam: datetime
    kelompok: tuple[str, ...]
    keadaan: KeadaanDemo | None

    @property
    def kunci(self) -> dict[str, str]:
        """The kelompok's key, as the SQL binds it."""
        return {"unitup": self.unit.unitup, "thblrek": self.thblrek, "hari_baca": self.kode}


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
                kursor.execute(_sql("hapus_kelompok"), satu.kunci)
                with kursor.copy(_sql("salin_bacaan")) as salinan:
                    while depan and ke < len(antrean) and antrean[ke][0] is satu:
                        teks = depan.result()
                        ke += 1
                        depan = pembuat.submit(_blok, *antrean[ke]) if ke < len(antrean) else None
                        salinan.write(teks)
            yield satu


def _blok(lembar: _Lembar, dari: int, sampai: int) -> str:
    """Return rows ``dari`` to ``sampai`` (excluded) of a kelompok as COPY text."""
    acak = _acak(lembar, lembar.thblrek, dari)
    jumlah = sampai - dari
    kolom: dict[str, list[str] | _Obj] = {}
    kolom |= _kolom_pelanggan(lembar, dari, sampai, acak)
    kolom |= _kolom_ukur(lembar, dari, jumlah)
    kolom |= _kolom_waktu(lembar, jumlah, acak)
    daftar = {nama: isi_ if isinstance(isi_, list) else isi_.tolist() for nama, isi_ in kolom.items()}
    _pasang_kasus(lembar, daftar, dari, sampai)
    _pasang_keadaan(lembar, daftar, dari, sampai)
    # a fresh iterator for each column that nobody filled: zip would exhaust a common one
    urut = [daftar.get(nama) or repeat("\\N", jumlah) for nama in (*KOLOM_BACAAN, *KOLOM_PILIHAN)]
    return "\n".join(map("\t".join, zip(*urut, strict=True))) + "\n"


def _acak(lembar: _Lembar, apa: str, dari: int) -> np.random.Generator:
    """Return the random numbers of a block of a kelompok for ``apa``: a month, or what is the same in every month."""
    kunci = f"{lembar.unit.unitup}/{apa}/{lembar.kode}/{dari // _BLOK}".encode()
    return np.random.default_rng([lembar.benih, *kunci])


def _kolom_pelanggan(lembar: _Lembar, dari: int, sampai: int, acak: np.random.Generator) -> dict[str, list[str] | _Obj]:
    """Who and where: keys, KDDK (unit 3, area 1, rute 2, urut 4, sisipan 2), name, photo, place."""
    unit, jumlah = lembar.unit, sampai - dari
    awal = _nomor_awal(lembar.kode, lembar.baris, lembar.kelompok)
    idpel = [f"{unit.unitup}{nomor:07d}" for nomor in range(awal + dari, awal + sampai)]
    langkah = min(max(250, -(-lembar.baris // 100)), 9999)
    slot = _slot(lembar.kelompok)
    pangkal = f"{unit.unitup[-3:]}{chr(65 + slot.index(lembar.kode) % 26)}"
    foto = f"https://foto.acmt.example/{lembar.thblrek}/"
    pembaca = np.array([_username("baca1", unit.unitup), _username("baca2", unit.unitup)], dtype=object)
    tanpa_foto = acak.random(jumlah) < 0.005
    nama, lintang, bujur = _nama_pelanggan(), _sekitar(unit.lintang), _sekitar(unit.bujur)
    return {
        "idpel": idpel,
        "unitup": [unit.unitup] * jumlah,
        "thblrek": [lembar.thblrek] * jumlah,
        "hari_baca": [lembar.kode] * jumlah,
        "kddk": [f"{pangkal}{ke // langkah % 100:02d}{ke % langkah + 1:04d}00" for ke in range(dari, sampai)],
        "nama": nama[acak.integers(len(nama), size=jumlah)],
        "petugas_baca": pembaca[acak.integers(2, size=jumlah)],
        "kode_baca": ["00"] * jumlah,
        "foto_url": [
            "\\N" if tanpa else f"{foto}{nomor}.jpg" for tanpa, nomor in zip(tanpa_foto.tolist(), idpel, strict=True)
        ],
        "latitude": lintang[acak.integers(len(lintang), size=jumlah)],
        "longitude": bujur[acak.integers(len(bujur), size=jumlah)],
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

    def pakai(self, thblrek: str) -> _Int:
        """Return what a month's reading moves both registers by: the customer's own hours, more or less, below 720."""
        acak = _acak(self._lembar, f"pakai/{thblrek}", self._dari)
        lain = acak.choice(np.array([400, 1000, 1900]), size=self._jumlah, p=[0.005, 0.99, 0.005])
        jam = self._jam * acak.integers(850, 1200, size=self._jumlah) * lain / 1000
        jam_milli = np.clip(jam, 3_000, 719_000).astype(np.int64)
        jam_milli[acak.random(self._jumlah) < 0.005] = 0
        pakai: _Int = self.daya * jam_milli // 1000 // self.fkm // self._satuan * self._satuan
        return pakai

    def bagian(self, pakai: _Int, persen: int) -> _Int:
        """Return the part of a month's consumption that one register of a two-tariff meter shows."""
        return np.where(self.dua, pakai * persen // 100 // self._satuan * self._satuan, 0)

    def stan(self, bagi: int, gerak: _Int) -> _Int:
        """Return where a register stands that began at a ``bagi``-th of the LWBP register and moved by so much."""
        hasil: _Int = (self._awal // bagi // self._satuan * self._satuan + gerak) % self._register
        return hasil


def _kolom_ukur(lembar: _Lembar, dari: int, jumlah: int) -> dict[str, list[str] | _Obj]:
    """Tariff, factors, stands and kWh. Consumption is log-normal in hours, below 720, and integers from there on."""
    ukur = _Ukur(lembar, dari, jumlah)
    nol = np.zeros(jumlah, dtype=np.int64)
    lwbp, wbp, kvarh = nol, nol, nol
    bulan = min(_BULAN_AWAL, _bulan_berikut(lembar.thblrek, -3))
    lalu: list[_Int] = []
    while bulan < lembar.thblrek:
        pakai = ukur.pakai(bulan)
        if bulan >= _BULAN_AWAL:
            lwbp, wbp = lwbp + pakai - ukur.bagian(pakai, 18), wbp + ukur.bagian(pakai, 18)
            kvarh = kvarh + ukur.bagian(pakai, 35)
        lalu = [*lalu[-2:], pakai]
        bulan = _bulan_berikut(bulan)
    kini = ukur.pakai(lembar.thblrek)
    lwbp_kini, wbp_kini = lwbp + kini - ukur.bagian(kini, 18), wbp + ukur.bagian(kini, 18)
    kvarh_kini = kvarh + ukur.bagian(kini, 35)
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
        "slalwbp": _teks_milli(ukur.stan(1, lwbp)),
        "sahlwbp": _teks_milli(ukur.stan(1, lwbp_kini)),
        "slawbp": _teks_milli_bila(ukur.dua, ukur.stan(5, wbp)),
        "sahwbp": _teks_milli_bila(ukur.dua, ukur.stan(5, wbp_kini)),
        "slakvarh": _teks_milli_bila(ukur.dua, ukur.stan(3, kvarh)),
        "sahkvarh": _teks_milli_bila(ukur.dua, ukur.stan(3, kvarh_kini)),
        "pemkwh": _teks_milli(kini * ukur.fkm),
        "pemkwh_lalu": _teks_milli(lalu[-1] * ukur.fkm),
        "pemkwh_rata3": _teks_milli(sum(lalu, nol) * ukur.fkm // 3),
    }


def _kolom_waktu(lembar: _Lembar, jumlah: int, acak: np.random.Generator) -> dict[str, list[str] | _Obj]:
    """Read between 07:00 and 15:00 local, then pengawas, vendor and sending: in that order, none after the clock."""
    unit = lembar.unit.unitup
    waktu = _teks_waktu(lembar)
    if waktu.belum_mulai:
        kosong = ("petugas_baca", "kode_baca", "foto_url", "latitude", "longitude", "sahlwbp", "sahwbp", "sahkvarh")
        return {nama: ["\\N"] * jumlah for nama in (*kosong, "pemkwh")}
    baca, awas, periksa = (
        acak.integers(mulai, selesai, size=jumlah) for mulai, selesai in ((420, 900), (960, 1080), (1080, 1140))
    )
    return {
        "tgl_baca": waktu.menit[baca],
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
        lewat = int((lembar.jam - awal).total_seconds())
        self.belum_mulai = lewat < 0
        panjang = min(max(lewat, 0), 86_400)
        self.menit: _Obj = np.array(
            [f"{awal + timedelta(seconds=panjang * menit // 1440):%Y-%m-%d %H:%M:%S}+00" for menit in range(1441)],
            dtype=object,
        )


def _pasang_kasus(lembar: _Lembar, kolom: dict[str, list[str]], dari: int, sampai: int) -> None:
    """Put the named cases into their rows."""
    if _teks_waktu(lembar).belum_mulai:
        return
    dasar = f"https://foto.acmt.example/{lembar.thblrek}/"
    for nomor, kasus in posisi_kasus(lembar.baris).items():
        if dari <= nomor < sampai:
            ke = nomor - dari
            nilai = {"foto_url": f"{dasar}{kolom['idpel'][ke]}.jpg", "kelainan": None, **kasus.nilai}
            if hari := nilai.get("tgl_baca_lalu"):  # days before this month's reading
                lalu = datetime.fromisoformat(kolom["tgl_baca"][ke]) + timedelta(days=int(hari))
                nilai["tgl_baca_lalu"] = f"{lalu:%Y-%m-%d %H:%M:%S}+00"
            _timpa(kolom, ke, nilai)


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

_PECAHAN: _Obj = np.array([f".{ke:03d}".rstrip("0").rstrip(".") for ke in range(1000)], dtype=object)


@cache
def _nama_pelanggan() -> _Obj:
    return np.array([f"{depan} {belakang}" for depan in _NAMA_DEPAN for belakang in _NAMA_BELAKANG], dtype=object)


@cache
def _sekitar(derajat: Decimal) -> _Obj:
    """Return coordinates within some 4 km of one, in degrees, as text."""
    return np.array([str(derajat + Decimal(ke) * 37 / 1_000_000) for ke in range(-1000, 1000)], dtype=object)


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


def _bulan_berikut(thblrek: str, langkah: int = 1) -> str:
    urut = int(thblrek[:4]) * 12 + int(thblrek[4:]) - 1 + langkah
    return f"{urut // 12:04d}{urut % 12 + 1:02d}"


def _username(orang: str, unitup: str) -> str:
    """Return a username such as ``spv54110``, its second ``spv54110b``, readers ``baca54110a`` and ``baca54110b``."""
    pola = {"spv_b": f"spv{unitup}b", "baca1": f"baca{unitup}a", "baca2": f"baca{unitup}b"}
    return pola.get(orang, f"{orang}{unitup}")


def _isi_induk(conn: Koneksi, unit: UnitDemo, bulan: set[str], kelompok: Sequence[str]) -> None:
    """Write the unit, its people, and its calendar for the given months and the ones after them."""
    jadwal = [
        {"unitup": unit.unitup, "thblrek": satu, "hari_baca": kode, "tgl_mulai": hari, "jumlah_hari": 1}
        for satu in sorted(bulan | {_bulan_berikut(thblrek) for thblrek in bulan})
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
            kabar=lambda baris: print(baris, flush=True),
        )
        if pilihan.peran:
            beri_hak(conn, pilihan.peran)
    print(f"Selesai: {hasil.baris:,} baris dalam {hasil.detik:.1f} s ({hasil.baris / hasil.detik:,.0f} baris/s).")
    return 0


if __name__ == "__main__":
    sys.exit(utama())
