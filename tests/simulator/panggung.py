"""The stage: one PostgreSQL with ledger and ACMT, the product's engines kept open, and a hook at every boundary.

A boundary lies before and behind each commit to the ledger, each request to AP2T and each write to ACMT, and where the
product waits. There the story's events happen (``Lakon``), deaths among them.
"""

from __future__ import annotations

import random
import secrets
import string
import tempfile
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest
import requests
from acmt_fixtures import get_server
from proses_fixtures import APLIKASI, PEMBACA, AlamatPg, Dunia, basis_uji, koneksi_basis
from psycopg import sql
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

from ap2t import aliran
from ap2t.audit.periksa import Lingkup, verifikasi
from ap2t.hooks import klien, tenggat
from ap2t.koneksi import Koneksi
from ap2t.ledger import jejak, mesin
from ap2t.ledger.buku import Buku
from ap2t.proses import kirim
from ap2t.proses.layanan import Layanan
from ap2t.sambungan_pg import KoneksiBerbatas
from ap2t.source.acmt import SumberAcmt
from ap2t.source.koneksi import buat_engine
from tests.simulator.ap2t import URL, Adaptor, Ap2t
from tests.simulator.giliran import Kolam, Sebaris
from tests.simulator.waktu import Waktu, pasang_di_buku

PUTUS = ("57P01", "putus")
"""Faults of a database that take the connection along. Any other is an SQLSTATE, raised by the server itself."""
BUKU, ACMT = "buku", "acmt"
CEPAT = ("jit = off", "full_page_writes = off", "max_wal_size = '4GB'", "plan_cache_mode = force_generic_plan")
"""Settings of a server that may lose everything."""
ANGKA = string.digits + string.ascii_uppercase


class Mati(BaseException):
    """The process is killed here."""


class Sutradara(Protocol):
    """Who decides what happens at a boundary: the story that is played."""

    def batas(self, jenis: str, nama: str) -> None:
        """Something may happen here, or the process dies."""

    def pernyataan(self, basis: str) -> str | None:
        """Return the fault of this statement. None: it runs."""

    def komit(self, basis: str) -> str | None:
        """Return the fault of this commit. None: it stands."""

    def mulai_transaksi(self, basis: str) -> None:
        """Take note that a transaction begins."""

    def baca_sumber(self) -> None:
        """Take note that ACMT's readings are read."""

    def hilang(self, basis: str) -> bool:
        """Whether a database cannot be reached now."""

    @property
    def mati(self) -> bool:
        """Whether the process is dead, so that nothing it tries has any effect."""


class DuniaSim(Dunia):
    """A unit for many stories: each has a kelompok and customers of its own, and the stage's open connections."""

    panggung: Panggung
    cerita, pengesah = 0, 0
    asal: tuple[str, dict[str, int]]

    def pakai(self, cerita: int) -> None:
        """Turn to a story's own kelompok."""
        self.cerita = cerita
        bulan = cerita % 1200
        self.bulan = f"{2000 + bulan // 12}{bulan % 12 + 1:02d}"
        puluh, satuan = divmod(cerita // 1200, 36)
        self.kode = (ANGKA[puluh] if puluh else "") + ANGKA[satuan]

    def idpel(self, n: int) -> str:
        """Return the n-th customer of the story."""
        return f"{self.unitup}{self.cerita * 20 + n:07d}"

    def layanan(self, **_: Any) -> Layanan:
        """Return services on the engines that stay open."""
        baru = Layanan(buku=self.panggung.buku)
        baru._mesin_sumber = self.panggung.sumber.engine
        return baru


class Panggung:
    """Everything that stays open from story to story."""

    def __init__(self, mp: pytest.MonkeyPatch, alamat: AlamatPg) -> None:
        self.mp, self.alamat, self.waktu = mp, alamat, Waktu()
        self.folder = str(koneksi_basis(alamat.acmt, PEMBACA)["host"])
        self.sutradara: Sutradara | None = None
        self.acak = random.Random(0)  # noqa: S311 -- not a secret
        with psycopg.connect(alamat.buku, autocommit=True) as conn:
            pasang_di_buku(conn)
        self.lihat = psycopg.connect(alamat.buku, autocommit=True)
        self.acmt = psycopg.connect(alamat.acmt, autocommit=True)
        self.waktu.pakai(self.lihat)
        self.waktu.pasang(mp)
        self.toko: Ap2t | None = None
        self.diam: list[tuple[str, Any]] = []
        """Driver's connections that are checked out, by database."""
        self._pasang_rutin()
        buku = self._koneksi("cmt_db", alamat.buku, APLIKASI)
        self.buku = Buku(mesin.buat_mesin(buku, koneksi_maks=8, lekas=True))
        self.auditor = Buku(mesin.buat_mesin(buku, hanya_baca=True))
        """The judge's, which no fault strikes."""
        self.sumber = SumberAcmt(buat_engine(self._koneksi("acmt_db", alamat.acmt, PEMBACA)))
        self._jaga(self.buku.mesin, BUKU)
        self._jaga(self.sumber.engine, ACMT)
        self.dunia = {pola: self._unit(*pola) for pola in product(("LENGKAP", "BERTAHAP"), (1, 2), (None, 24))}
        """A unit for each pattern, so that a story has the same one whatever was played before."""
        self.jejak = 0, jejak.AWAL
        """How far the trail has been walked."""
        self.dirusak: set[str] = set()
        """Sessions whose rows somebody with all rights changed."""

    def verifikasi(self) -> list[str]:
        """Audit all of the ledger, and return what is wrong that no story did."""
        laporan = verifikasi(self.auditor, Lingkup(), lambda _: None)
        return [
            str(temuan)
            for temuan in laporan.temuan
            if temuan.sesi not in self.dirusak or temuan.aturan not in ("SIDIK", "SARINGAN")
        ]

    @staticmethod
    def _koneksi(conn_id: str, alamat: str, peran: str) -> Koneksi:
        isi = koneksi_basis(alamat, peran)
        return Koneksi(conn_id, "postgres", isi["host"], None, peran, None, isi["schema"], {})

    def _pasang_rutin(self) -> None:
        """Replace what would be random, would wait, or would go over a network."""
        mp = self.mp
        mp.setattr(aliran, "Aliran", Sebaris)
        mp.setattr(kirim, "ThreadPoolExecutor", lambda pekerja, **_: Kolam(self.acak, pekerja))
        mp.setattr(
            kirim, "wait", lambda semua, **cara: (Kolam.di_atas.tunggu if Kolam.di_atas else wait)(semua, **cara)
        )
        mp.setattr(uuid, "uuid4", lambda: uuid.UUID(int=self.acak.getrandbits(128), version=4))
        mp.setattr(secrets, "token_hex", lambda n=8: f"{self.acak.getrandbits(n * 8):0{n * 2}x}")
        mp.setitem(mesin.SETELAN, "lock_timeout", "3s")
        mp.setitem(mesin.LEKAS, "lock_timeout", "3s")
        # of so few rows a stream is only slower: it is planned anew each time, and fetched in a second step
        mp.setattr(mesin.Tabel, "alirkan", lambda tabel, nama, _, /, **nilai: tabel.jalankan(nama, **nilai))
        mp.setattr(tenggat.threading, "Timer", _TanpaJam)

        def sesi(**_: Any) -> requests.Session:
            assert self.toko is not None
            baru = requests.Session()
            baru.trust_env = False
            baru.mount("http://", Adaptor(self.toko))
            return baru

        mp.setattr(klien, "sesi_bertenggat", sesi)
        salin = SumberAcmt.salin

        def salinkan(sumber: SumberAcmt, *a: Any, **k: Any) -> Any:
            if self.sutradara is not None:
                self.sutradara.baca_sumber()
            return salin(sumber, *a, **k)

        mp.setattr(SumberAcmt, "salin", salinkan)
        sambung = KoneksiBerbatas.connect

        def sambungkan(*a: Any, **k: Any) -> Any:
            basis = BUKU if "uji_buku" in str(a) + str(k) else ACMT
            if self.sutradara is not None and self.sutradara.hilang(basis):
                raise psycopg.OperationalError("connection refused")
            return sambung(*a, **k)

        mp.setattr(KoneksiBerbatas, "connect", staticmethod(sambungkan))

    # ------------------------------------------------------------------------------------- databases' boundaries

    def _jaga(self, engine: Engine, basis: str) -> None:
        """Put the hooks on an engine: its dialect's own calls, so that an error comes as from the driver."""
        dialek: Any = engine.dialect
        dialek.do_execute = self._laksana(dialek.do_execute, basis)
        dialek.do_commit = self._komit(dialek.do_commit, basis)
        urung = dialek.do_rollback

        def do_rollback(conn: Any) -> None:
            if not getattr(conn, "driver_connection", conn).closed:
                urung(conn)

        dialek.do_rollback = do_rollback
        self._jaga_kolam(engine, basis)

    def _laksana(self, asli: Callable[..., None], basis: str) -> Callable[..., None]:
        def do_execute(cursor: Any, statement: Any, parameters: Any, context: Any = None) -> None:
            if (s := self.sutradara) is not None:
                self._pastikan_hidup(s)
                galat = "putus" if s.hilang(basis) else s.pernyataan(basis)
                if galat is not None:
                    self._rusak(cursor, galat)
            asli(cursor, statement, parameters, context)

        return do_execute

    def _komit(self, asli: Callable[[Any], None], basis: str) -> Callable[[Any], None]:
        def do_commit(conn: Any) -> None:
            if (s := self.sutradara) is None:
                asli(conn)
                return
            self._pastikan_hidup(s)
            s.batas("komit", f"sebelum komit {basis}")
            galat = s.komit(basis)
            if galat is not None and galat != "tidak tahu":
                conn.rollback()
                self._rusak(conn.cursor(), galat)
            asli(conn)
            if galat is not None:
                self._rusak(conn.cursor(), "putus")
            s.batas("komit", f"sesudah komit {basis}")

        return do_commit

    def _jaga_kolam(self, engine: Engine, basis: str) -> None:
        @event.listens_for(engine, "begin")
        def _(_conn: Any) -> None:
            if self.sutradara is not None:
                self.sutradara.mulai_transaksi(basis)

        @event.listens_for(engine, "connect")
        def _(dbapi: Any, _catatan: Any) -> None:
            dbapi.prepare_threshold, dbapi.prepare_max = 2, None
            dbapi._prepared.clear = lambda: False  # at a rollback; the server keeps what is prepared

        @event.listens_for(engine, "checkout", insert=True)
        def _(dbapi: Any, catatan: Any, _wakil: Any) -> None:
            catatan.info.pop("sejak", None)  # it is not asked each time whether it still stands: that is known here
            if (s := self.sutradara) is not None:
                self._pastikan_hidup(s)
            if dbapi.closed:
                raise DisconnectionError
            self.diam.append((basis, dbapi))
            if basis == BUKU:
                self.waktu.beri_tahu_buku()

        @event.listens_for(engine, "checkin")
        def _(dbapi: Any, _catatan: Any) -> None:
            self.diam = [satu for satu in self.diam if satu[1] is not dbapi]

    @staticmethod
    def _pastikan_hidup(s: Sutradara) -> None:
        if s.mati:
            raise Mati

    @staticmethod
    def _rusak(cursor: Any, galat: str) -> None:
        """Let the server itself raise an error, or the connection be gone."""
        conn = cursor.connection
        if galat in PUTUS:
            conn.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        perintah = sql.SQL("DO $$ BEGIN RAISE EXCEPTION 'simulasi' USING ERRCODE = {}; END $$")
        cursor.execute(perintah.format(sql.Literal(galat)))

    def oper(self) -> None:
        """Let another batch in flight go on, where nobody holds a connection."""
        if Kolam.di_atas is not None and not self.diam:
            Kolam.di_atas.oper()

    def bunuh(self) -> None:
        """Take every open connection away, as the server does with those of a killed process."""
        for _, conn in self.diam:
            conn.close()

    # ------------------------------------------------------------------------------------------------- units

    def _unit(self, pola: str, pengesah: int, tenggat_jam: int | None) -> DuniaSim:
        DuniaSim.panggung = self
        d = DuniaSim(self.alamat, _Pendengar(self), self.mp)  # type: ignore[arg-type]
        d.asal = pola, {} if tenggat_jam is None else {"tutup_sesudah_jam": tenggat_jam}
        self.atur(d, pengesah)
        return d

    def atur(self, d: DuniaSim, pengesah: int) -> None:
        """Let so many people approve in a unit from now on."""
        if d.pengesah != pengesah:
            semula, self.sutradara = self.sutradara, None
            d.pola(d.asal[0], pengesah, **d.asal[1])
            d.pengesah, self.sutradara = pengesah, semula


class _Pendengar:
    """AP2T's control while a unit is set up, before any story has an AP2T: the people are told to each one later."""

    url = URL

    def __init__(self, panggung: Panggung) -> None:
        self._panggung = panggung
        self.pengguna: list[dict[str, Any]] = []

    def kendali(self, jalan: str, **isi: Any) -> None:
        """Hand on, and keep who has a user."""
        if jalan == "pengguna":
            self.pengguna.append(isi)
        if self._panggung.toko is not None:
            self._panggung.toko.kendali(jalan, **isi)

    def ulangi(self, toko: Ap2t) -> None:
        """Tell a story's AP2T who its users are."""
        for isi in self.pengguna:
            toko.kendali("pengguna", **isi)


class _TanpaJam:
    """In the place of a timer: it never runs out by itself."""

    daemon = True

    def __init__(self, *_: Any) -> None: ...

    def start(self) -> None:
        """Nothing."""

    def cancel(self) -> None:
        """Nothing."""


@contextmanager
def buka_panggung() -> Iterator[Panggung]:
    """Start the server and the stage; stop both at the end."""
    mp = pytest.MonkeyPatch()
    with tempfile.TemporaryDirectory(prefix="sim", dir="/tmp", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder), cleanup_mode="stop")
        try:
            alamat = basis_uji(server.get_uri())
            with psycopg.connect(alamat.server, autocommit=True) as conn:
                for setel in CEPAT:
                    conn.execute(f"ALTER SYSTEM SET {setel}".encode())
                conn.execute("SELECT pg_reload_conf()")
            yield Panggung(mp, alamat)
        finally:
            mp.undo()
            server.cleanup()
