"""What ACMT says: the views of the source contract as facts, in any database SQLAlchemy speaks to.

Every SELECT is portable and its values are bound (:mod:`ap2t.source.sambungan`). What comes back goes through
:mod:`ap2t.source.normal`, so that the rules see the same facts whatever the database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from decimal import Decimal
from itertools import chain
from math import inf
from typing import Any, NamedTuple, cast
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy import Connection, Engine, Integer, Row, bindparam, outparam, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import NullType

from ap2t import jam
from ap2t.domain.angka import muat_kontrak
from ap2t.domain.harga import Harga
from ap2t.domain.kaidah.kebiasaan import BULAN_RIWAYAT
from ap2t.domain.kalender import BarisKalender, awal_bulan, bulan_tambah, mulai_baca, thblrek_berjalan
from ap2t.domain.model import (
    GANDA,
    KOLOM_BACAAN,
    KOLOM_PILIHAN,
    KOLOM_RIWAYAT,
    KOLOM_STEMPEL,
    TANPA_METER,
    Bacaan,
    BulanLalu,
    Petugas,
    Tempat,
    Unit,
    idpel_sah,
)
from ap2t.domain.teks import ZONA_PUSAT
from ap2t.galat import GalatPengesahan, MasukanTidakSah, SumberBerubah, SumberTidakSesuai
from ap2t.sambungan_pg import blok_salin
from ap2t.source import salinan
from ap2t.source.kontrak import KUNCI_PILIHAN, PILIHAN, kolom_terbaca, probe
from ap2t.source.normal import baca_harga, bulat, hari, idpel, ke_bacaan, ke_riwayat, kode, tanda, teks, zona
from ap2t.source.salinan import KOLOM_KESIAPAN, Terbaca
from ap2t.source.sambungan import SambunganAcmt, galat_pg, ikat, terputus
from ap2t.sql import muat

_BERFUNGSI = frozenset({"postgresql", "oracle"})
BATAS_TULIS = 20.0
"""Seconds after which the one write ends, done or not: ``acmt/batas_tulis`` says the same to PostgreSQL."""
BATAS_LIHAT = 2.0
"""Seconds for a look that people can do without: ``acmt/batas_lihat`` says the same to PostgreSQL."""
SEMUA = "*"
"""Any month or kelompok, in the statements that take one. No key that people may give: those are checked before."""
UMUR_PILIHAN = 300.0
"""Seconds for which it is known what is offered beside the contract."""
_DITAWARKAN: WeakKeyDictionary[Engine, tuple[float, Mapping[str, tuple[str, ...]]]] = WeakKeyDictionary()
SEKALI = 300
"""Units, customers or photos that one statement names: no database's list of values is shorter."""
_AMBIL = 500  # rows a fetch: little raw data is held beside the readings
# An open end of an idpel range. idpel are digits: blank sorts before them and 'z' after them in every collation,
# and Oracle takes an empty string for NULL.
_TERKECIL = " "
_TERBESAR = "z" * 12


class HitungKesiapan(NamedTuple):
    """How many customers of a kelompok have something in the columns that readiness judges, valid or not.

    ``penuh``: in all of them. None can be ready that is not among these.
    """

    pelanggan: int = 0
    terisi: int = 0
    terverifikasi: int = 0
    terkirim: int = 0
    penuh: int = 0


class SumberAcmt(SambunganAcmt):
    """The facts of one deployment's ACMT: units, people, calendar, readings, and the one write.

    Errors: those of :class:`~ap2t.source.sambungan.SambunganAcmt`.
    """

    # ------------------------------------------------------------------ reference data

    def unit(self, unitup: str, *, untuk_dilihat: bool = False) -> Unit:
        """Return one unit layanan.

        :param untuk_dilihat: a zone that is none does not stop a screen: ``ZONA_PUSAT`` stands in for it.
        :raises MasukanTidakSah: no such unit.
        :raises SumberTidakSesuai: its time zone is not one.
        """
        baris = self.mentah("acmt/unit", unitup=unitup)
        if not baris:
            raise MasukanTidakSah(f"Unit {unitup} tidak ada di ACMT. Periksa unitup (5 angka) pada isian run ini.")
        unit, zona_rusak = _unit(baris[0])
        if zona_rusak is not None and not untuk_dilihat:
            raise SumberTidakSesuai(
                f"Zona waktu unit {unitup} di ACMT tidak dikenal: {zona_rusak}. Minta pengelola ACMT mengisi "
                "v_unit.zona_waktu dengan Asia/Jakarta, Asia/Makassar atau Asia/Jayapura."
            )
        return unit

    def semua_unit(self) -> list[Unit]:
        """Return every unit layanan, by code. ``ZONA_PUSAT`` stands in for a zone that is none."""
        return [_unit(baris)[0] for baris in self.mentah("acmt/semua_unit")]

    def petugas(self, unitup: str) -> list[Petugas]:
        """Return who holds which role in a unit, active or not. ``aktif`` None: neither can be read."""
        return [_petugas(baris) for baris in self.mentah("acmt/petugas", unitup=unitup)]

    def semua_petugas(self) -> list[Petugas]:
        """Return who holds which role in any unit, active or not."""
        return [_petugas(baris) for baris in self.mentah("acmt/semua_petugas")]

    def pengguna_ap2t(self) -> frozenset[str]:
        """Return everybody whom some unit names as ADMIN_CMT, active or not: who may have an AP2T connection."""
        return frozenset(kode(baris.username) for baris in self.mentah("acmt/petugas_admin"))

    def surel_orang(self, username: str) -> dict[str, str]:
        """Return a person's mail addresses by unit, of active rows that have one."""
        baris = self.mentah("acmt/petugas_surel", username=username)
        return {kode(satu.unitup): alamat for satu in baris if tanda(satu.aktif)[0] and (alamat := teks(satu.email))}

    def unit_orang(self, username: str) -> list[str]:
        """Return the units in which a person holds ADMIN_CMT, active or not."""
        return [kode(baris.unitup) for baris in self.mentah("acmt/petugas_orang", username=username)]

    def bulan(self, unitup: str) -> dict[str, date]:
        """Return the billing months of a unit's calendar, each with the day its reading begins.

        A month none of whose days can be read is there all the same, as beginning on its first day.
        """
        return _bulan(self._jadwal(unitup)).get(unitup, {})

    def semua_bulan(self) -> dict[str, dict[str, date]]:
        """Return the same for every unit."""
        return _bulan(self.mentah("acmt/jadwal_bulan_semua"))

    def jadwal(self, unitup: str, thblrek: str) -> list[BarisKalender]:
        """Return a unit's reading calendar for a billing month (YYYYMM), unjudged."""
        return [*map(_baris_kalender, self._jadwal(unitup, thblrek))]

    def _jadwal(self, unitup: str, thblrek: str = SEMUA, hari_baca: str = SEMUA) -> Sequence[Row[Any]]:
        return self.mentah("acmt/jadwal", **_unitup(unitup), thblrek=thblrek, hari_baca=hari_baca)

    def kalender(self, thblrek: str) -> dict[str, list[BarisKalender]]:
        """Return every unit's calendar from a billing month (YYYYMM) on, unjudged: no row of it raises anything."""
        hasil: dict[str, list[BarisKalender]] = {}
        for baris in self.mentah("acmt/kalender", thblrek=thblrek):
            hasil.setdefault(kode(baris.unitup)[:20], []).append(_baris_kalender(baris))
        return hasil

    def zona_unit(self) -> dict[str, str | None]:
        """Return every unit's zone (IANA), or None where it is none that is known."""
        return {kode(baris.unitup): zona(baris.zona_waktu)[0] for baris in self.mentah("acmt/semua_unit")}

    def mulai_baca(self, tempat: Tempat) -> date | None:
        """Return the earliest day a kelompok's reading begins in a month, or None where no row has one."""
        return mulai_baca(self._jadwal_kelompok(tempat.unitup, tempat.hari_baca), tempat.thblrek)

    def _jadwal_kelompok(self, unitup: str, hari_baca: str) -> list[BarisKalender]:
        return [*map(_baris_kalender, self._jadwal(unitup, hari_baca=hari_baca))]

    def thblrek_berjalan(self, unitup: str, hari_baca: str, hari_ini: date) -> str:
        """Return the month that is read now (:func:`~ap2t.domain.kalender.thblrek_berjalan`)."""
        return thblrek_berjalan(
            self._jadwal_kelompok(unitup, hari_baca), f"kelompok {hari_baca} unit {unitup}", hari_ini
        )

    # ------------------------------------------------------------------ readings

    @property
    def ditawarkan(self) -> Mapping[str, tuple[str, ...]]:
        """What is offered beside the contract: columns by view, as looked up within the last minutes.

        A view is empty where it is not there, or lacks a column without which it is of no use.
        """
        sejak, ada = _DITAWARKAN.get(self.engine, (-inf, {}))
        if jam.monoton() - sejak > UMUR_PILIHAN:
            with self.sambung() as conn, self.jelaskan():
                ada = {
                    view: tuple(kolom_terbaca(conn, view, kolom, self._tidak_melayani, KUNCI_PILIHAN[view]))
                    for view, kolom in PILIHAN.items()
                }
            _DITAWARKAN[self.engine] = jam.monoton(), ada
        return ada

    @contextmanager
    def _bila_hilang(self, view: str, kolom: Sequence[str]) -> Iterator[None]:
        """Name the columns beside the contract that a session reads and ACMT does not offer any more."""
        try:
            yield
        except SumberTidakSesuai as galat:
            self.periksa_kontrak()  # another fault is told as what it is
            with self.sambung() as conn, self.jelaskan():
                ada = kolom_terbaca(conn, view, kolom, self._tidak_melayani)
            if not (hilang := [satu for satu in kolom if satu not in ada]):
                raise
            raise SumberTidakSesuai(
                f"Kolom pilihan acmt.{view} tidak ada lagi (atau tidak boleh dibaca) sejak sesi ini dibuka: "
                f"{', '.join(hilang)}. Minta pengelola ACMT mengembalikannya; sesi baru jalan tanpanya."
            ) from galat

    @property
    def pilihan(self) -> tuple[str, ...]:
        """Which columns ``v_bacaan`` offers beside the contract."""
        return self.ditawarkan["v_bacaan"]

    @property
    def kolom_riwayat(self) -> tuple[str, ...]:
        """Which columns ``v_riwayat`` offers beside its key. None: there is no such view."""
        return tuple(kolom for kolom in self.ditawarkan["v_riwayat"] if kolom in KOLOM_RIWAYAT)

    def riwayat(self, pelanggan: Sequence[str], thblrek: str, kolom: Sequence[str]) -> dict[str, list[BulanLalu]]:
        """Return the ``BULAN_RIWAYAT`` months before one (YYYYMM) of these customers, oldest first.

        A value that cannot be read is None.

        :param kolom: the columns of ``v_riwayat`` that are read beside its key. None: nothing is.
        :raises SumberTidakSesuai: one of them is not offered any more.
        """
        if not kolom:
            return {}
        semua = ("idpel", "thblrek", *kolom)
        batas = {"dari": bulan_tambah(thblrek, -BULAN_RIWAYAT), "sebelum": thblrek}
        perintah = muat("acmt/riwayat").replace("{kolom}", ", ".join(semua))
        hasil: dict[str, list[BulanLalu]] = {}
        with self._bila_hilang("v_riwayat", kolom):
            for baris in self._sebagian(perintah, batas, "idpel", pelanggan):
                for satu in ke_riwayat(semua, baris):
                    hasil.setdefault(satu.idpel, []).append(satu)
        return {nomor: sorted(ada, key=lambda satu: satu.thblrek) for nomor, ada in hasil.items()}

    def kwh_kelompok(self, tempat: Tempat, thblrek: str) -> dict[str, Decimal]:
        """Return an earlier month's kWh (YYYYMM) of the customers that a kelompok has now, asked for once for all.

        None where ``v_riwayat`` does not offer it. Of a customer that comes twice nothing is known.

        :raises SumberTidakSesuai: the view takes longer than ``BATAS_LIHAT``: a look must not keep others waiting.
        """
        if "kwh" not in self.kolom_riwayat:
            return {}
        kolom, nilai = ("idpel", "thblrek", "kwh"), tempat._asdict() | {"lalu": thblrek}
        jenis, mulai = self.engine.dialect.name, jam.monoton()
        with self.sambung() as conn, self.jelaskan(), ExitStack() as batas:
            if jenis == "postgresql":
                conn.execute(text(muat("acmt/batas_lihat")))
            elif jenis == "oracle":
                batas.enter_context(_paling_lama(conn, BATAS_LIHAT))
            try:
                baris = conn.execute(ikat(muat("acmt/riwayat_kelompok"), nilai), nilai).fetchall()
            except DBAPIError as galat:
                if terputus(galat) or jam.monoton() - mulai < BATAS_LIHAT:
                    raise
                raise SumberTidakSesuai(
                    f"v_riwayat belum selesai dibaca dalam {BATAS_LIHAT:g} detik. Minta pengelola ACMT mempercepatnya "
                    "(indeks menurut idpel dan thblrek)."
                ) from galat
        semua = ke_riwayat(kolom, baris)
        kali = Counter(satu.idpel for satu in semua)
        return {
            satu.idpel: satu.kwh
            for satu in semua
            if satu.kwh is not None and muat_kontrak(satu.kwh) and kali[satu.idpel] == 1
        }

    def foto_bersama(self, unitup: str, thblrek: str) -> dict[str, tuple[str, str]]:
        """Return the photos that more than one customer of a unit shows this month, each with two of them.

        The database may take other capitals for the same photo, so those who show it are asked for, and compared here.
        """
        tempat = {"unitup": unitup, "thblrek": thblrek}
        calon = [baris.foto_url for baris in self.mentah("acmt/foto_bersama", **tempat)]
        pemakai: dict[str, set[str]] = {}
        for nomor, foto in chain.from_iterable(self._sebagian(muat("acmt/foto_pemakai"), tempat, "foto", calon)):
            ini = pemakai.setdefault(teks(foto) or "", set())
            if len(ini) < 2 and idpel_sah(idpel(nomor)):
                ini.add(idpel(nomor))
        return {foto: (min(ini), max(ini)) for foto, ini in pemakai.items() if foto and len(ini) > 1}

    def harga(self) -> list[Harga]:
        """Return the prices of energy; none where ``v_harga`` is not offered. Rows that cannot be read are left out."""
        if not self.ditawarkan["v_harga"]:
            return []
        semua = self.mentah("acmt/harga", kolom=Harga._fields)
        return [harga for baris in semua if (harga := baca_harga(baris)) is not None]

    def urutan(self, tempat: Tempat, sebanyak: int) -> list[tuple[str, str]] | None:
        """Return the ends of ranges of idpel, both included, that hold about so many customers of a kelompok each.

        None: not every key is a customer's number, so that ranges would miss some.
        """
        batas: list[tuple[str, str]] = []
        isi, sebelum = 0, ""
        with self.sambung() as conn, self.jelaskan():
            aliran = conn.execution_options(stream_results=True, yield_per=_AMBIL)
            for (mentah,) in aliran.execute(ikat(muat("acmt/urutan"), tempat._asdict()), tempat._asdict()):
                nomor = idpel(mentah)
                if not idpel_sah(nomor):
                    return None
                if not batas or (isi >= sebanyak and nomor != sebelum):
                    batas.append((nomor, nomor))
                    isi = 0
                batas[-1] = batas[-1][0], nomor
                isi, sebelum = isi + 1, nomor
        return batas

    def baca(
        self,
        tempat: Tempat,
        *,
        dari: str | None = None,
        sampai: str | None = None,
        potong: int = 5000,
        pilihan: Sequence[str] | None = None,
    ) -> Iterator[list[Bacaan]]:
        """Stream a kelompok's readings in the order of idpel, in chunks of ``potong`` rows.

        :param dari: first idpel, included; None: from the start.
        :param sampai: last idpel, included; None: to the end.
        :param pilihan: columns beside the contract that are read too; None: whatever is offered.
        """
        kolom = (*KOLOM_BACAAN, *(self.pilihan if pilihan is None else pilihan))
        if dari is None and sampai is None:
            return self._alir("acmt/baca", kolom, potong, tempat)
        return self._alir("acmt/baca_rentang", kolom, potong, tempat, **_rentang(dari, sampai))

    def salin(
        self,
        tempat: Tempat,
        *,
        dari: str | None = None,
        sampai: str | None = None,
        potong: int = 1000,
        pilihan: Sequence[str] | None = None,
    ) -> Generator[bytes | list[Terbaca], None, None]:
        """Stream readings as :meth:`baca`, a PostgreSQL source's as the COPY text of ``potong`` rows.

        So does a source of another kind, or with other types than the contract's, where a row has nothing but what the
        contract has. Whoever does other things between two chunks closes the stream, should those fail.
        """
        semua = dari is None and sampai is None
        batas = dict.fromkeys(("dari", "sampai")) if semua else _rentang(dari, sampai)
        pilihan = self.pilihan if pilihan is None else pilihan
        if self.engine.dialect.name == "postgresql":
            with self._bila_hilang("v_bacaan", pilihan), self.sambung() as conn, self.jelaskan():
                asli = cast(psycopg.Connection[Any], conn.connection.driver_connection)
                try:
                    kolom = conn.execute(probe("v_bacaan", (*KOLOM_BACAAN, *pilihan))).cursor.description
                    if salinan.cocok(asli, {nama: cast(int, jenis) for nama, jenis, *_ in kolom}):
                        perintah = salinan.perintah(pilihan).encode()
                        with asli.cursor() as kursor, kursor.copy(perintah, tempat._asdict() | batas) as keluar:
                            yield from map(salinan.rapikan, blok_salin(keluar, potong))
                        return
                except psycopg.Error as galat:
                    raise galat_pg(asli, galat) from galat
        for bagian in self.baca(tempat, dari=dari, sampai=sampai, potong=potong, pilihan=pilihan):
            yield from salinan.sebagai_teks(bagian)

    def baca_kesiapan(
        self, tempat: Tempat, *, potong: int = 5000, pilihan: Sequence[str] | None = None
    ) -> Iterator[list[Bacaan]]:
        """Stream a kelompok's readings as :meth:`baca`, but only with :data:`KOLOM_KESIAPAN`. All else is None."""
        ada = self.pilihan if pilihan is None else pilihan
        kolom = (*KOLOM_KESIAPAN, *(nama for nama in ada if nama == TANPA_METER))
        return self._alir("acmt/baca_kesiapan", kolom, potong, tempat)

    def pelanggan(self, nomor: str, thblrek: str | None = None) -> list[Bacaan]:
        """Return one customer's reading in a month, or in every month ACMT still holds, the newest first.

        A customer that stands there more than once in a month is told once, with ``GANDA`` in its ``cacat``.
        """
        nilai = {"idpel": nomor, "idpel_atas": _di_belakang(nomor), "thblrek": SEMUA if thblrek is None else thblrek}
        kolom = (*KOLOM_BACAAN, *self.pilihan)
        baris = self.mentah("acmt/pelanggan", kolom=kolom, **nilai)
        bulan: dict[str, list[Bacaan]] = {}
        for bacaan in ke_bacaan(kolom, baris):
            bulan.setdefault(bacaan.thblrek, []).append(bacaan)
        return [gabung(sebulan) for sebulan in bulan.values()]

    def beberapa(self, pelanggan: Sequence[str], thblrek: str) -> dict[str, Bacaan]:
        """Return the readings of some customers in a month, each told once as in :meth:`pelanggan`."""
        kolom = (*KOLOM_BACAAN, *self.pilihan)
        perintah = muat("acmt/beberapa").replace("{kolom}", ", ".join(kolom))
        semua: dict[str, list[Bacaan]] = {}
        for baris in self._sebagian(perintah, {"thblrek": thblrek}, "idpel", pelanggan):
            for bacaan in ke_bacaan(kolom, baris):
                semua.setdefault(bacaan.idpel, []).append(bacaan)
        return {nomor: gabung(sama) for nomor, sama in semua.items()}

    def jumlah(self, tempat: Tempat) -> int:
        """Return how many readings a kelompok has, read or not.

        :raises SumberTidakSesuai: some have blanks in their key, so that reading by key does not find them.
        """
        (baris,) = self.mentah("acmt/jumlah", **{**tempat._asdict(), **_unitup(tempat.unitup)})
        semua, terbaca = int(baris.semua or 0), int(baris.terbaca or 0)
        if semua != terbaca:
            raise SumberTidakSesuai(
                f"{semua - terbaca} dari {semua} baris v_bacaan {tempat} memuat spasi pada unitup, thblrek atau "
                "hari_baca, jadi tidak ikut terbaca. Minta pengelola ACMT membuang spasi itu (TRIM) di view, lalu "
                "ulangi; tidak ada yang diposting."
            )
        return terbaca

    def pastikan_semua(self, tempat: Tempat, terbaca: int) -> None:
        """Check that so many rows are all that the view holds of a kelompok.

        :raises SumberTidakSesuai: reading by key does not find all of them (:meth:`jumlah`).
        :raises SumberBerubah: rows came or went meanwhile.
        """
        if (ada := self.jumlah(tempat)) != terbaca:
            raise SumberBerubah(
                f"v_bacaan {tempat} berubah selagi dibaca: {terbaca} baris terbaca, kini {ada}. Dibaca ulang dengan "
                "sendirinya."
            )

    def ganda(self, tempat: Tempat) -> Counter[str]:
        """Return the customers whom a kelompok holds more than once, blanks around the number aside, and how often."""
        semua = self.mentah("acmt/idpel_ganda", **tempat._asdict())
        return Counter({idpel(baris.idpel): int(baris.jumlah) for baris in semua})

    def jumlah_bulan(self, thblrek: str, unitup: str | None = None) -> dict[tuple[str, str], int]:
        """Return how many customers each kelompok has in a month, by unit and code: of one unit, or of all."""
        if unitup is None:
            baris = self.mentah("acmt/jumlah_bulan", thblrek=thblrek)
        else:
            baris = self.mentah("acmt/jumlah_bulan_unit", unitup=unitup, thblrek=thblrek)
        return {(kode(satu.unitup)[:20], kode(satu.hari_baca)[:20]): int(satu.jumlah) for satu in baris}

    def hitung_kesiapan(self, thblrek: str, hari_baca: str, unit: Sequence[str]) -> dict[str, HitungKesiapan]:
        """Count one kelompok of many units. A unit without rows is not in it."""
        bulan = {"thblrek": thblrek, "hari_baca": hari_baca}
        terisi = "sahlwbp"
        if TANPA_METER in self.pilihan:
            terisi = f"(CASE WHEN sahlwbp IS NOT NULL OR {TANPA_METER} IS NOT NULL THEN 1 END)"
        perintah = muat("acmt/hitung_kesiapan").replace("{terisi}", terisi)
        return {
            kode(unitup): HitungKesiapan(*(int(jumlah or 0) for jumlah in angka))
            for unitup, *angka in chain.from_iterable(self._sebagian(perintah, bulan, "unit", unit))
        }

    def stempel(self, nomor: str, thblrek: str) -> dict[str, str | None] | None:
        """Return the stamps of one reading as text (``KOLOM_STEMPEL``), or None where ACMT has no such reading.

        The look ends by itself as the call does: a table that ACMT's people hold must not hold the watch.

        :raises SumberTidakSesuai: ACMT holds the reading more than once.
        """
        nilai = {"idpel": nomor, "idpel_atas": _di_belakang(nomor), "thblrek": thblrek}
        with self.sambung() as conn, self.jelaskan():
            if self.engine.dialect.name == "postgresql":
                conn.execute(text(muat("acmt/batas_tulis")))
            baris = conn.execute(ikat(muat("acmt/stempel"), nilai), nilai).fetchall()
        if not baris:
            return None
        if len(baris) > 1:
            raise SumberTidakSesuai(
                f"ACMT memberi bacaan {nomor} bulan {thblrek} lebih dari sekali. Minta pengelola ACMT memperbaiki "
                "v_bacaan; dicoba lagi dengan sendirinya."
            )
        (bacaan,) = ke_bacaan(KOLOM_KESIAPAN, baris)
        cacat = bacaan.cacat or {}
        return {
            kolom: str(nilai) if (nilai := getattr(bacaan, kolom)) is not None else cacat.get(kolom)
            for kolom in KOLOM_STEMPEL
        }

    # ------------------------------------------------------------------ the one write

    @property
    def dapat_mengembalikan(self) -> bool:
        """Whether there is a call of ``kembalikan_verifikasi`` for this kind of database."""
        return self.engine.dialect.name in _BERFUNGSI

    def kembalikan_verifikasi(self, idpel: str, thblrek: str, alasan: str, oleh: str) -> bool:
        """Send one reading back to the vendor: both verifications and the sending are cleared (SOP 12.1, purpose 4).

        An error whose ``pasti_batal`` is true surely left everything as it was: PostgreSQL was never reached, or said
        no itself and took the transaction back. Of other products an error may be one of the commit's own waiting.

        :return: False when ACMT has no such reading.
        :raises SumberTidakSesuai: this kind of database has no such call here, or ACMT refused it.
        """
        nilai = {"idpel": idpel, "thblrek": thblrek, "alasan": alasan, "oleh": oleh}
        try:
            hasil, _ = tanda(self._kembalikan(nilai))
        except GalatPengesahan as galat:
            asal = galat.__cause__
            pg = self.engine.dialect.name == "postgresql"
            galat.pasti_batal = pg and isinstance(asal, DBAPIError) and not terputus(asal)
            raise
        if hasil is None:  # what the function did is committed by now
            raise SumberTidakSesuai(
                f"kembalikan_verifikasi di ACMT selesai tanpa menjawab true atau false untuk idpel {idpel}; hasilnya "
                "dilihat sebentar lagi. Minta pengelola ACMT memperbaiki fungsinya menurut kontrak."
            )
        return hasil

    def _kembalikan(self, nilai: dict[str, str]) -> object:
        """Make the call, and return what the function said."""
        jenis = self.engine.dialect.name
        if not self.dapat_mengembalikan:
            raise SumberTidakSesuai(
                f"Pengembalian verifikasi belum tersedia untuk ACMT jenis {jenis}. "
                f"Kembalikan idpel {nilai['idpel']} bulan {nilai['thblrek']} langsung di aplikasi ACMT."
            )
        perintah = ikat(muat(f"acmt/kembalikan_verifikasi_{jenis}"), nilai)
        if jenis == "oracle":
            with self.sambung() as conn, self.jelaskan(), _paling_lama(conn, BATAS_TULIS), conn.begin():
                keluar = conn.execute(perintah.bindparams(outparam("hasil", Integer())), nilai)
                return cast(Any, keluar).out_parameters["hasil"]
        with self.sambung() as conn, self.jelaskan(), conn.begin():
            conn.execute(text(muat("acmt/transaksi_tulis")))
            conn.execute(text(muat("acmt/batas_tulis")))
            return conn.execute(perintah, nilai).scalar_one()

    # ------------------------------------------------------------------ parts

    def _sebagian(
        self, perintah: str, nilai: dict[str, str], nama: str, semua: Sequence[str]
    ) -> Iterator[Sequence[Any]]:
        """Run a SELECT once for each part of a list of values, which it calls ``nama``, and return the rows of each."""
        sql = ikat(perintah, nilai).bindparams(bindparam(nama, type_=NullType(), expanding=True))
        for awal in range(0, len(semua), SEKALI):
            with self.sambung() as conn, self.jelaskan():
                baris = conn.execute(sql, {**nilai, nama: list(semua[awal : awal + SEKALI])}).fetchall()
            yield baris

    def _alir(
        self, nama: str, kolom: Sequence[str], potong: int, tempat: Tempat, **batas: str
    ) -> Iterator[list[Bacaan]]:
        ambil, nilai = min(potong, _AMBIL), tempat._asdict() | batas
        pilihan = [satu for satu in kolom if satu in KOLOM_PILIHAN]
        with self._bila_hilang("v_bacaan", pilihan), self.sambung() as conn, self.jelaskan():
            aliran = conn.execution_options(stream_results=True, yield_per=ambil)
            perintah = muat(nama).replace("{kolom}", ", ".join(kolom))
            potongan: list[Bacaan] = []
            for baris in aliran.execute(ikat(perintah, nilai), nilai).partitions(ambil):
                potongan += (_di_tempat(bacaan, tempat) for bacaan in ke_bacaan(kolom, baris))
                if len(potongan) >= potong:
                    yield potongan[:potong]
                    potongan = potongan[potong:]
            if potongan:
                yield potongan


def gabung(baris: Sequence[Bacaan]) -> Bacaan:
    """Make one row of all that a kelompok holds of one customer: the first, and how many there are where it is not one.

    Which of them is right nobody can tell, so the rules hold it.
    """
    if len(baris) == 1:
        return baris[0]
    cacat = {**(baris[0].cacat or {}), GANDA: f"{len(baris)} baris"}
    return baris[0]._replace(idpel=baris[0].idpel.strip(" "), cacat=cacat)


def _di_tempat(bacaan: Bacaan, tempat: Tempat) -> Bacaan:
    """Say of a row which the database took for one of the kelompok's that its key is spelled in another way."""
    ditanya: dict[str, Any] = tempat._asdict()
    lain = {kolom: ada for kolom in ditanya if (ada := getattr(bacaan, kolom)) != ditanya[kolom]}
    return bacaan._replace(**ditanya, cacat={**(bacaan.cacat or {}), **lain}) if lain else bacaan


def _rentang(dari: str | None, sampai: str | None) -> dict[str, str]:
    return {"dari": dari or _TERKECIL, "sampai": _di_belakang(sampai) if sampai else _TERBESAR}


def _di_belakang(nomor: str) -> str:
    """Return what sorts behind a number however many blanks CHAR puts behind it, in every collation."""
    return f"{nomor}z"


def _unitup(unitup: str) -> dict[str, str]:
    """Bind a unit so that an index helps though blanks may stand behind it: a digit sorts behind a blank."""
    return {"unitup": unitup, "unitup_atas": f"{unitup}0"}


def _unit(baris: Row[Any]) -> tuple[Unit, str | None]:
    """Return a unit, and its zone as it stands there where it is none."""
    nama_zona, rusak = zona(baris.zona_waktu)
    induk = teks(baris.unitap), teks(baris.unitupi)
    unit = Unit(kode(baris.unitup), teks(baris.nama), *induk, nama_zona or ZONA_PUSAT)
    return unit, None if nama_zona else rusak or "(kosong)"


def _petugas(baris: Row[Any]) -> Petugas:
    aktif, rusak = tanda(baris.aktif)
    siapa = kode(baris.username), teks(baris.nama), teks(baris.email)
    return Petugas(*siapa, kode(baris.peran), kode(baris.unitup), None if rusak else bool(aktif))


def _baris_kalender(baris: Row[Any]) -> BarisKalender:
    tempat = kode(baris.thblrek)[:20], kode(baris.hari_baca)[:20]
    return BarisKalender(*tempat, hari(baris.tgl_mulai)[0], bulat(baris.jumlah_hari)[0])


def _bulan(semua: Sequence[Row[Any]]) -> dict[str, dict[str, date]]:
    """Gather a calendar's rows into each unit's months, each with the day its reading begins."""
    hari_bulan: dict[str, dict[str, list[date]]] = {}
    for baris in semua:
        ada = hari_bulan.setdefault(kode(baris.unitup), {}).setdefault(kode(baris.thblrek), [])
        if (mulai := hari(baris.tgl_mulai)[0]) is not None:
            ada.append(mulai)
    return {
        unitup: {thblrek: min(ada, default=awal) for thblrek, ada in bulan.items() if (awal := awal_bulan(thblrek))}
        for unitup, bulan in hari_bulan.items()
    }


@contextmanager
def _paling_lama(conn: Connection, detik: float) -> Iterator[None]:
    """Let Oracle's driver end each round trip after this time. The connection goes back to the pool as it was."""
    asli = cast(Any, conn.connection.driver_connection)
    semula = asli.call_timeout
    asli.call_timeout = int(detik * 1000)
    try:
        yield
    finally:
        asli.call_timeout = semula
