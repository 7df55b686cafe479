"""Reads the ACMT views of the source contract, in any database SQLAlchemy speaks to.

Every SELECT is portable (no casts, nothing of one product only) and its values are bound. What comes back is
normalised by :mod:`ap2t.source.normal`, so that the rules see the same facts whatever the database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple, NoReturn, TypeVar, cast
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import Connection, Engine, Integer, TextClause, bindparam, inspect, outparam, text
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.types import NullType

from ap2t.domain.kalender import BarisKalender, mulai_baca
from ap2t.domain.model import KOLOM_BACAAN, Bacaan, Petugas, Unit
from ap2t.galat import GalatPengesahan, MasukanTidakSah, SumberTidakSesuai, SumberTidakTerjangkau
from ap2t.source import salinan
from ap2t.source.normal import benar, ke_bacaan, tanggal, teks
from ap2t.source.salinan import KOLOM_KESIAPAN, Terbaca
from ap2t.sql import muat

KONTRAK: dict[str, tuple[str, ...]] = {
    "v_unit": ("unitup", "nama", "unitap", "unitupi", "zona_waktu"),
    "v_petugas": ("username", "nama", "email", "peran", "unitup", "aktif"),
    "v_jadwal_hari_baca": ("unitup", "thblrek", "hari_baca", "tgl_mulai", "jumlah_hari"),
    "v_bacaan": KOLOM_BACAAN,
}
"""The views of schema ``acmt`` and their columns."""

KOLOM_STEMPEL = (
    *("verif_pengawas_oleh", "verif_pengawas_pada"),
    *("verif_vendor_oleh", "verif_vendor_pada"),
    *("kirim_oleh", "kirim_pada"),
)
"""What ``kembalikan_verifikasi`` clears."""

_SKEMA = "acmt"
_BERFUNGSI = frozenset({"postgresql", "oracle"})
BATAS_TULIS = 20.0
"""Seconds after which the one write ends, done or not: ``acmt/batas_tulis.sql`` says the same to PostgreSQL."""
_MAKS_GANDA = 20
UNIT_SEKALI = 300
"""Units that one statement names: no database's list of values is shorter."""
_MENUNGGU = ("57014", "55P03")
"""PostgreSQL's codes of a statement that waited too long: asking more would wait again, without end."""
# What a function of ACMT's own raises: PostgreSQL's RAISE, Oracle's RAISE_APPLICATION_ERROR.
_KODE_SENDIRI = re.compile(r"P0[0-9A-Z]{3}|ORA-20[0-9]{3}")
_AMBIL = 500  # rows a fetch: little raw data is held beside the readings
# An open end of an idpel range. idpel are digits: blank sorts before them and 'z' after them in every collation,
# and Oracle takes an empty string for NULL.
_TERKECIL = " "
_TERBESAR = "z" * 12


class Jadwal(NamedTuple):
    """One row of the reading calendar: due for pengesahan from ``tgl_mulai + jumlah_hari - 1`` days on."""

    hari_baca: str
    tgl_mulai: date
    jumlah_hari: int


class HitungKesiapan(NamedTuple):
    """How many customers of a kelompok have something in the columns that readiness judges, valid or not.

    ``penuh``: in all of them. None can be ready that is not among these.
    """

    pelanggan: int = 0
    terisi: int = 0
    terverifikasi: int = 0
    terkirim: int = 0
    penuh: int = 0


class SumberAcmt:
    """The ACMT database of one deployment.

    Errors: :class:`~ap2t.galat.SumberTidakTerjangkau` when it does not answer,
    :class:`~ap2t.galat.SumberTidakSesuai` when it breaks the contract.

    :param engine: see :func:`ap2t.source.koneksi.buat_engine`.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    # ------------------------------------------------------------------ contract

    def periksa_kontrak(self) -> None:
        """Check that every view of the contract can be read with all its columns.

        :raises SumberTidakSesuai: naming each view and column that is missing or may not be read.
        """
        kurang: list[str] = []
        for view, kolom in KONTRAK.items():
            with self._sambung() as conn:
                try:
                    conn.execute(text(muat(f"acmt/periksa_{view}")))
                except DBAPIError as galat:
                    if _terputus(galat):
                        raise self._tidak_terjangkau(galat) from galat
                    kurang.append(self._sebab(view, kolom))
        if kurang:
            raise SumberTidakSesuai(
                f"ACMT di {self._alamat} tidak sesuai kontrak: {'; '.join(kurang)}. "
                "Minta pengelola basis data ACMT melengkapi view itu menurut kontrak, lalu ulangi."
            )

    # ------------------------------------------------------------------ reference data

    def unit(self, unitup: str) -> Unit:
        """Return one unit layanan.

        :raises MasukanTidakSah: no such unit.
        :raises SumberTidakSesuai: its time zone is not one.
        """
        baris = self._semua("acmt/unit", unitup=unitup)
        if not baris:
            raise MasukanTidakSah(f"Unit {unitup} tidak ada di ACMT. Periksa unitup (5 angka) pada isian run ini.")
        return self._unit(unitup, baris[0])

    def semua_unit(self) -> list[Unit]:
        """Return every unit layanan, by code.

        :raises SumberTidakSesuai: the time zone of one is not one.
        """
        return [self._unit(teks(r[0]) or "", r) for r in self._semua("acmt/semua_unit")]

    @staticmethod
    def _unit(unitup: str, baris: Sequence[Any]) -> Unit:
        _, nama, unitap, unitupi, zona = map(teks, baris)
        try:
            ZoneInfo(zona or "")
        except (ValueError, OSError, KeyError):
            raise SumberTidakSesuai(
                f"Zona waktu unit {unitup} di ACMT tidak dikenal: {zona!r}. Minta pengelola ACMT mengisi "
                "v_unit.zona_waktu dengan Asia/Jakarta, Asia/Makassar atau Asia/Jayapura."
            ) from None
        return Unit(unitup, nama, unitap, unitupi, zona or "")

    def petugas(self, unitup: str) -> list[Petugas]:
        """Return who holds which role in a unit, active or not."""
        return [
            Petugas(teks(r[0]) or "", teks(r[1]), teks(r[2]), teks(r[3]) or "", teks(r[4]) or "", benar(r[5]))
            for r in self._semua("acmt/petugas", unitup=unitup)
        ]

    def surel_orang(self, username: str) -> dict[str, str]:
        """Return a person's mail addresses by unit, of active rows that have one."""
        baris = self._semua("acmt/petugas_surel", username=username)
        return {teks(r[0]) or "": alamat for r in baris if benar(r[2]) and (alamat := teks(r[1]))}

    def unit_orang(self, username: str) -> list[str]:
        """Return the units in which a person holds ADMIN_CMT, active or not."""
        return [teks(r[0]) or "" for r in self._semua("acmt/petugas_orang", username=username)]

    def bulan(self, unitup: str) -> dict[str, date]:
        """Return the billing months of a unit's calendar, each with the day its reading begins, oldest first."""
        try:
            return {teks(r[0]) or "": _hari(r[1]) for r in self._semua("acmt/jadwal_bulan", unitup=unitup)}
        except (TypeError, ValueError):
            raise _jadwal_rusak(f"unit {unitup}") from None

    def semua_bulan(self) -> dict[str, dict[str, date]]:
        """Return the same for every unit."""
        hasil: dict[str, dict[str, date]] = {}
        try:
            for r in self._semua("acmt/jadwal_bulan_semua"):
                hasil.setdefault(teks(r[0]) or "", {})[teks(r[1]) or ""] = _hari(r[2])
        except (TypeError, ValueError):
            raise _jadwal_rusak("salah satu unit") from None
        return hasil

    def jadwal(self, unitup: str, thblrek: str) -> list[Jadwal]:
        """Return a unit's reading calendar for a billing month (YYYYMM), by day."""
        baris = self._semua("acmt/jadwal", unitup=unitup, thblrek=thblrek)
        try:
            return [Jadwal(teks(r[0]) or "", _hari(r[1]), int(r[2])) for r in baris]
        except (TypeError, ValueError):
            raise _jadwal_rusak(f"unit {unitup} bulan {thblrek}") from None

    def kalender(self, thblrek: str) -> dict[str, list[BarisKalender]]:
        """Return every unit's calendar from a billing month (YYYYMM) on, unjudged: no row of it raises anything."""
        hasil: dict[str, list[BarisKalender]] = {}
        for unitup, bulan, kode, mulai, hari in self._semua("acmt/kalender", thblrek=thblrek):
            baris = BarisKalender(_kode(bulan), _kode(kode), _boleh(_hari, mulai), _boleh(_bulat, hari))
            hasil.setdefault(_kode(unitup), []).append(baris)
        return hasil

    def zona_unit(self) -> dict[str, str | None]:
        """Return every unit's zone (IANA); None: it is none that is known."""
        return {teks(r[0]) or "": _boleh(_zona, teks(r[4])) for r in self._semua("acmt/semua_unit")}

    def mulai_baca(self, unitup: str, thblrek: str, hari_baca: str) -> date | None:
        """Return the day a kelompok's reading begins in a month, the earliest of its rows; None: no row has one."""
        baris = self._semua("acmt/jadwal_kelompok", unitup=unitup, hari_baca=hari_baca)
        return mulai_baca((BarisKalender(_kode(r[0]), hari_baca, _boleh(_hari, r[1]), None) for r in baris), thblrek)

    def thblrek_berjalan(self, unitup: str, hari_baca: str, hari_ini: date) -> str:
        """Return the month (YYYYMM) of the kelompok's latest reading that has begun by ``hari_ini``.

        :param hari_ini: today in the unit's zone.
        :raises MasukanTidakSah: none has begun, or the calendar does not know the kelompok.
        """
        siapa = f"kelompok {hari_baca} unit {unitup}"
        try:
            mulai = sorted(
                (_hari(r[1]), teks(r[0]) or "")
                for r in self._semua("acmt/jadwal_kelompok", unitup=unitup, hari_baca=hari_baca)
            )
        except (TypeError, ValueError):
            raise _jadwal_rusak(siapa) from None
        if not mulai:
            raise MasukanTidakSah(
                f"Kalender baca ACMT tidak memuat {siapa}. Periksa kode kelompok, minta SPV TE mengisi kalender, "
                "atau isi thblrek sendiri saat memulai run."
            )
        sudah = [thblrek for hari, thblrek in mulai if hari <= hari_ini]
        if not sudah:
            hari, thblrek = mulai[0]
            raise MasukanTidakSah(
                f"Pembacaan {siapa} belum ada yang dimulai sampai {hari_ini:%d-%m-%Y}: yang paling awal di kalender "
                f"{hari:%d-%m-%Y} (bulan {thblrek}). Jalankan pada atau sesudah hari itu, atau isi thblrek sendiri."
            )
        return sudah[-1]

    # ------------------------------------------------------------------ readings

    def baca(
        self,
        unitup: str,
        thblrek: str,
        hari_baca: str,
        *,
        dari: str | None = None,
        sampai: str | None = None,
        potong: int = 5000,
    ) -> Iterator[list[Bacaan]]:
        """Stream a kelompok's readings in the order of idpel, in chunks of ``potong`` rows.

        :param dari: first idpel, included; None: from the start.
        :param sampai: last idpel, included; None: to the end.
        """
        nilai = {"unitup": unitup, "thblrek": thblrek, "hari_baca": hari_baca}
        if dari is None and sampai is None:
            return self._alir("acmt/baca", KOLOM_BACAAN, potong, nilai)
        nilai |= {"dari": dari or _TERKECIL, "sampai": sampai or _TERBESAR}
        return self._alir("acmt/baca_rentang", KOLOM_BACAAN, potong, nilai)

    def salin(
        self,
        unitup: str,
        thblrek: str,
        hari_baca: str,
        *,
        dari: str | None = None,
        sampai: str | None = None,
        potong: int = 1000,
    ) -> Iterator[list[Terbaca]]:
        """As :meth:`baca`, but with the COPY text of each row where a PostgreSQL source gives one.

        A source of another kind, or with other types than the contract's, gives readings alone.
        """
        nilai = {"unitup": unitup, "thblrek": thblrek, "hari_baca": hari_baca}
        perintah = "acmt/salin_postgresql"
        if dari is not None or sampai is not None:
            nilai |= {"dari": dari or _TERKECIL, "sampai": sampai or _TERBESAR}
            perintah = "acmt/salin_rentang_postgresql"
        if self.engine.dialect.name == "postgresql":
            with self._sambung() as conn, self._jelaskan():
                asli = cast(psycopg.Connection[Any], conn.connection.driver_connection)
                try:
                    jenis = asli.execute(muat("acmt/periksa_v_bacaan").encode()).description or []
                    if salinan.cocok(asli, {k.name: k.type_code for k in jenis}):
                        with (
                            asli.cursor() as kursor,
                            kursor.copy(muat(perintah).encode(), nilai) as keluar,
                        ):
                            yield from salinan.urai(keluar, potong)
                        return
                except psycopg.Error as galat:
                    raise _galat_pg(asli, galat) from galat
                except ValueError as galat:
                    raise _tanpa_kunci(galat, nilai) from None
        for bagian in self.baca(unitup, thblrek, hari_baca, dari=dari, sampai=sampai):
            yield [(b, None) for b in bagian]

    def baca_kesiapan(self, unitup: str, thblrek: str, hari_baca: str, *, potong: int = 5000) -> Iterator[list[Bacaan]]:
        """As :meth:`baca`, but only with :data:`KOLOM_KESIAPAN`; all else is None."""
        nilai = {"unitup": unitup, "thblrek": thblrek, "hari_baca": hari_baca}
        return self._alir("acmt/baca_kesiapan", KOLOM_KESIAPAN, potong, nilai)

    def pelanggan(self, idpel: str, thblrek: str | None = None) -> list[Bacaan]:
        """Return one customer's reading in a month, or in every month ACMT still holds, the newest first.

        :raises SumberTidakSesuai: ACMT holds it twice in one month.
        """
        if thblrek is None:
            baris = self._semua("acmt/pelanggan", idpel=idpel)
        else:
            baris = self._semua("acmt/pelanggan_bulan", idpel=idpel, thblrek=thblrek)
        try:
            hasil = ke_bacaan(KOLOM_BACAAN, baris)
        except ValueError:
            hasil = []
        if len({b.thblrek for b in hasil}) != len(baris):
            raise SumberTidakSesuai(
                f"ACMT memberi bacaan pelanggan {idpel} lebih dari sekali untuk satu bulan, atau tanpa kunci. Minta "
                "pengelola ACMT memperbaiki v_bacaan, lalu ulangi."
            )
        return hasil

    def jumlah(self, unitup: str, thblrek: str, hari_baca: str) -> int:
        """Return how many readings a kelompok has, read or not."""
        return int(self._semua("acmt/jumlah", unitup=unitup, thblrek=thblrek, hari_baca=hari_baca)[0][0])

    def jumlah_bulan(self, thblrek: str, unitup: str | None = None) -> dict[tuple[str, str], int]:
        """Return how many customers each kelompok has in a month, by unit and code: of one unit, or of all."""
        if unitup is None:
            baris = self._semua("acmt/jumlah_bulan", thblrek=thblrek)
        else:
            baris = self._semua("acmt/jumlah_bulan_unit", unitup=unitup, thblrek=thblrek)
        return {(_kode(r[0]), _kode(r[1])): int(r[2]) for r in baris}

    def hitung_kesiapan(self, thblrek: str, hari_baca: str, unit: Sequence[str]) -> dict[str, HitungKesiapan]:
        """Count one kelompok of many units, ``UNIT_SEKALI`` of them a statement; a unit without rows is not in it."""
        hasil: dict[str, HitungKesiapan] = {}
        perintah = text(muat("acmt/hitung_kesiapan")).bindparams(
            bindparam("thblrek", type_=NullType()),
            bindparam("hari_baca", type_=NullType()),
            bindparam("unit", type_=NullType(), expanding=True),
        )
        for n in range(0, len(unit), UNIT_SEKALI):
            nilai = {"thblrek": thblrek, "hari_baca": hari_baca, "unit": list(unit[n : n + UNIT_SEKALI])}
            with self._sambung() as conn, self._jelaskan():
                for kode, *angka in conn.execute(perintah, nilai):
                    hasil[teks(kode) or ""] = HitungKesiapan(*(int(a or 0) for a in angka))
        return hasil

    def idpel_ganda(self, unitup: str, thblrek: str, hari_baca: str) -> list[str]:
        """Return the first 20 idpel that a kelompok holds more than once (the contract's key forbids it)."""
        nilai = {"unitup": unitup, "thblrek": thblrek, "hari_baca": hari_baca}
        baris = self._semua("acmt/idpel_ganda", maks=_MAKS_GANDA, **nilai)
        return [teks(r[0]) or "" for r in baris]

    def stempel(self, idpel: str, thblrek: str) -> dict[str, str | None] | None:
        """Return the stamps of one reading as text (``KOLOM_STEMPEL``); None: ACMT has no such reading.

        The look ends by itself as the call does: a table that ACMT's people hold must not hold the watch.
        """
        nilai = {"idpel": idpel, "thblrek": thblrek}
        with self._sambung() as conn, self._jelaskan():
            if self.engine.dialect.name == "postgresql":
                conn.execute(text(muat("acmt/batas_tulis")))
            baris = conn.execute(_ikat(muat("acmt/stempel"), nilai), nilai).fetchall()
        if not baris:
            return None
        try:
            (b,) = ke_bacaan(KOLOM_KESIAPAN, baris)
        except ValueError:  # an empty key, or the reading twice
            raise SumberTidakSesuai(
                f"ACMT memberi bacaan {idpel} bulan {thblrek} lebih dari sekali atau tanpa kunci. Minta pengelola ACMT "
                "memperbaiki v_bacaan; dicoba lagi dengan sendirinya."
            ) from None
        cacat = b.cacat or {}
        return {k: str(v) if (v := getattr(b, k)) is not None else cacat.get(k) for k in KOLOM_STEMPEL}

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
        try:
            return self._kembalikan(idpel, thblrek, alasan, oleh)
        except GalatPengesahan as galat:
            asal = galat.__cause__
            pg = self.engine.dialect.name == "postgresql"
            galat.pasti_batal = pg and isinstance(asal, DBAPIError) and not _terputus(asal)
            raise

    def _kembalikan(self, idpel: str, thblrek: str, alasan: str, oleh: str) -> bool:
        nilai = {"idpel": idpel, "thblrek": thblrek, "alasan": alasan, "oleh": oleh}
        jenis = self.engine.dialect.name
        if jenis not in _BERFUNGSI:
            raise SumberTidakSesuai(
                f"Pengembalian verifikasi belum tersedia untuk ACMT jenis {jenis}. "
                f"Kembalikan idpel {idpel} bulan {thblrek} langsung di aplikasi ACMT."
            )
        perintah = _ikat(muat(f"acmt/kembalikan_verifikasi_{jenis}"), nilai)
        if jenis == "oracle":
            with self._sambung() as conn, self._jelaskan(), _paling_lama(conn, BATAS_TULIS), conn.begin():
                hasil = conn.execute(perintah.bindparams(outparam("hasil", Integer())), nilai)
                return benar(cast(Any, hasil).out_parameters["hasil"])
        with self._sambung() as conn, self._jelaskan(), conn.begin():
            conn.execute(text(muat("acmt/transaksi_tulis")))
            conn.execute(text(muat("acmt/batas_tulis")))
            jawab = conn.execute(perintah, nilai).scalar_one()
        if jawab is None:  # what it did is committed by now
            raise SumberTidakSesuai(
                f"kembalikan_verifikasi di ACMT selesai tanpa menjawab true atau false untuk idpel {idpel}; hasilnya "
                "dilihat sebentar lagi. Minta pengelola ACMT memperbaiki fungsinya menurut kontrak."
            )
        return benar(jawab)

    # ------------------------------------------------------------------ parts

    def _alir(self, nama: str, kolom: Sequence[str], potong: int, nilai: dict[str, str]) -> Iterator[list[Bacaan]]:
        ambil = min(potong, _AMBIL)
        with self._sambung() as conn, self._jelaskan():
            aliran = conn.execution_options(stream_results=True, yield_per=ambil)
            potongan: list[Bacaan] = []
            for baris in aliran.execute(_ikat(muat(nama), nilai), nilai).partitions(ambil):
                potongan += _normal(kolom, baris, nilai)
                if len(potongan) >= potong:
                    yield potongan[:potong]
                    potongan = potongan[potong:]
            if potongan:
                yield potongan

    def _semua(self, nama: str, maks: int | None = None, **nilai: str) -> Sequence[Sequence[Any]]:
        with self._sambung() as conn, self._jelaskan():
            hasil = conn.execute(_ikat(muat(nama), nilai), nilai)
            return hasil.fetchall() if maks is None else hasil.fetchmany(maks)

    @contextmanager
    def _sambung(self) -> Iterator[Connection]:
        try:
            conn = self.engine.connect()
        except SQLAlchemyError as galat:
            raise self._tidak_terjangkau(galat) from galat
        with conn:
            yield conn

    @contextmanager
    def _jelaskan(self) -> Iterator[None]:
        """Turn the database's errors into the project's; those of the caller pass unchanged."""
        try:
            yield
        except DBAPIError as galat:
            self._terjemahkan(galat)

    def _terjemahkan(self, galat: DBAPIError) -> NoReturn:
        if not _terputus(galat) and getattr(galat.orig, "sqlstate", None) not in _MENUNGGU:
            self.periksa_kontrak()  # says which view or column, if that is the reason
        if _terputus(galat) or isinstance(galat, OperationalError | InterfaceError):
            raise self._tidak_terjangkau(galat) from galat
        raise SumberTidakSesuai(
            f"ACMT di {self._alamat} menolak perintah ({self._pesan(galat)}). "
            "Periksa hak pengguna acmt_db dan isi view menurut kontrak, lalu ulangi."
        ) from galat

    def _sebab(self, view: str, kolom: Sequence[str]) -> str:
        """Say why a view cannot be read as the contract has it."""
        try:
            with self._sambung() as conn:
                ada = {str(k["name"]).lower() for k in inspect(conn).get_columns(view, schema=_SKEMA)}
        except (SQLAlchemyError, GalatPengesahan):
            ada = set()
        if not ada:
            return f"view {_SKEMA}.{view} tidak ada atau tidak boleh dibaca"
        hilang = [k for k in kolom if k not in ada]
        if hilang:
            return f"view {_SKEMA}.{view} tanpa kolom {', '.join(hilang)}"
        return f"view {_SKEMA}.{view} tidak boleh dibaca (hak SELECT) atau gagal dijalankan"

    def _tidak_terjangkau(self, galat: SQLAlchemyError) -> SumberTidakTerjangkau:
        return SumberTidakTerjangkau(
            f"Basis data ACMT di {self._alamat} tidak menjawab ({self._pesan(galat)}). "
            "Periksa jaringan dan koneksi acmt_db; run mencoba lagi dengan sendirinya."
        )

    @property
    def _alamat(self) -> str:
        """Where the database is, without user or password."""
        url = self.engine.url
        tempat = url.host or url.query.get("host") or "berkas setempat"
        return f"{tempat}{f':{url.port}' if url.port else ''}/{url.database or ''}"

    def _pesan(self, galat: SQLAlchemyError) -> str:
        """Return the first line of the driver's own words, with the password struck out should it be in them.

        Of an error about data, or raised by ACMT's own code, only the class and code: the words may quote a reading or
        a name, and task logs are open to other units.
        """
        asal = getattr(galat, "orig", None) or galat
        kode = _KODE_SENDIRI.match(f"{getattr(asal, 'sqlstate', None) or asal}")
        if isinstance(galat, DataError) or kode:
            return f"{type(asal).__name__}{f' {kode[0]}' if kode else ''}"
        baris = (str(asal).strip().splitlines() or [""])[0][:200]
        sandi = self.engine.url.password
        return f"{type(asal).__name__}: {baris.replace(str(sandi), '***') if sandi else baris}"


def _normal(kolom: Sequence[str], baris: Sequence[Sequence[Any]], nilai: dict[str, str]) -> list[Bacaan]:
    try:
        return ke_bacaan(kolom, baris)
    except ValueError as galat:
        raise _tanpa_kunci(galat, nilai) from None


def _tanpa_kunci(galat: ValueError, nilai: dict[str, str]) -> SumberTidakSesuai:
    return SumberTidakSesuai(
        f"ACMT memberi bacaan tanpa {galat} untuk unit {nilai['unitup']} bulan {nilai['thblrek']} "
        f"kelompok {nilai['hari_baca']}. Minta pengelola ACMT memperbaiki v_bacaan, lalu ulangi."
    )


def _galat_pg(conn: psycopg.Connection[Any], galat: psycopg.Error) -> DBAPIError:
    """Wrap a driver's error as SQLAlchemy does, so that it is explained like any other."""
    jenis = OperationalError if isinstance(galat, psycopg.OperationalError | psycopg.InterfaceError) else DBAPIError
    return jenis("COPY", None, galat, hide_parameters=True, connection_invalidated=conn.broken)


@contextmanager
def _paling_lama(conn: Connection, detik: float) -> Iterator[None]:
    """Let Oracle's driver end each round trip after this time; the connection goes back to the pool as it was."""
    asli = cast(Any, conn.connection.driver_connection)
    semula = asli.call_timeout
    asli.call_timeout = int(detik * 1000)
    try:
        yield
    finally:
        asli.call_timeout = semula


def _ikat(sql: str, nilai: dict[str, str]) -> TextClause:
    """Bind values without a type, so that no dialect writes a cast around them: the column decides."""
    return _urai(sql, tuple(nilai))


@cache
def _urai(sql: str, nama: tuple[str, ...]) -> TextClause:
    return text(sql).bindparams(*(bindparam(n, type_=NullType()) for n in nama))


def _terputus(galat: DBAPIError) -> bool:
    return bool(galat.connection_invalidated)


def _hari(nilai: object) -> date:
    hari = tanggal(nilai)
    if hari is None:
        raise ValueError("tgl_mulai")
    return hari


def _kode(nilai: object) -> str:
    """Return a code as it may stand in a sentence, whatever stands in its place."""
    return (teks(nilai) or "")[:20]


def _bulat(nilai: object) -> int:
    angka = Decimal(str(nilai))
    if angka != angka.to_integral_value():
        raise ValueError("jumlah_hari")
    return int(angka)


def _zona(nilai: object) -> str:
    return ZoneInfo(str(nilai or "")).key


_T = TypeVar("_T")


def _boleh(baca: Callable[[object], _T], nilai: object) -> _T | None:
    """Read a value; None where it is none of its kind."""
    try:
        return baca(nilai)
    except (ArithmeticError, KeyError, OSError, TypeError, ValueError):
        return None


def _jadwal_rusak(siapa: str) -> SumberTidakSesuai:
    return SumberTidakSesuai(
        f"Kalender baca ACMT untuk {siapa} memuat tgl_mulai atau jumlah_hari yang kosong atau bukan tanggal/bilangan. "
        "Minta SPV TE memperbaiki kalender itu di ACMT, lalu ulangi."
    )
