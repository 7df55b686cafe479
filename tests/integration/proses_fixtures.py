"""Fixtures: the procedure's steps on real parts: ledger (owner and application apart), demo ACMT, AP2T sandbox.

One PostgreSQL, one ledger and one ACMT database serve the whole session; each test gets a unit of its own.
"""

from __future__ import annotations

import itertools
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from acmt_fixtures import basis_data
from psycopg import sql
from sqlalchemy import Engine, Pool, create_engine, text
from sqlalchemy.engine import make_url

from ap2t import jam
from ap2t.audit.periksa import mulai, periksa_sesi
from ap2t.kelola.pola import atur
from ap2t.koneksi import Koneksi
from ap2t.ledger import buku as modul_buku
from ap2t.ledger import jejak, konfigurasi, mesin
from ap2t.ledger.buku import Buku, Transaksi
from ap2t.ledger.kedatangan import Jawaban
from ap2t.ledger.sesi import Sesi
from ap2t.ledger.skema import mesin_pemilik, migrasikan
from ap2t.proses import layanan as modul_layanan
from ap2t.proses.buka import Permintaan, buka_sesi
from ap2t.proses.cuplik import ambil_bacaan
from ap2t.proses.gerbang import SETUJU, Undangan, buka_gerbang, catat_tiba, nilai
from ap2t.proses.layanan import Langkah, Layanan
from ap2t.proses.posting import posting_ap2t
from ap2t.proses.rekap import buat_rekap
from ap2t.proses.rekonsiliasi import rekonsiliasi
from ap2t.proses.saring import saring_jam_nyala
from ap2t.proses.tutup import tutup_sesi
from ap2t.source import acmt as modul_acmt
from ap2t.source.koneksi import buat_engine
from conftest import KENDALI, SANDI, Sandbox
from sandbox import acmt_demo
from sandbox.acmt_demo import UnitDemo
from sandbox.acmt_kasus import KASUS_DASAR

PEMILIK, APLIKASI, HALAMAN, PEMBACA = "uji_pemilik", "uji_aplikasi", "uji_halaman", "uji_baca"
KODE, BULAN = "A", "202606"
BUKU, ACMT = "uji_buku", "uji_acmt"
_nomor_unit = itertools.count(60001)
_nomor_run = itertools.count(1)
_terperiksa: dict[str, tuple[int, str]] = {}
"""How far each shared ledger's trail has been walked: number and hash of its last entry, by its address."""

LANGKAH = (
    *("buka_sesi", "ambil_bacaan", "saring", "rekap", "buka_gerbang", "terima"),
    *("posting", "rekonsiliasi", "tutup_sesi"),
)


class AlamatPg(NamedTuple):
    """Addresses of the session's databases; ``templat`` is a migrated, empty ledger."""

    server: str
    buku: str
    acmt: str
    templat: str

    def sebagai(self, alamat: str, peran: str) -> str:
        """Return an address for another login."""
        return alamat.replace("postgres:@", f"{peran}:@").replace("postgres@", f"{peran}@")


@pytest.fixture(scope="session")
def alamat_pg(acmt_server: str) -> Iterator[AlamatPg]:
    """Create what :func:`basis_uji` does; in the end the ledger's trail is whole."""
    a = basis_uji(acmt_server)
    yield a
    pemilik = mesin_pemilik(a.sebagai(a.buku, PEMILIK))
    with pemilik.connect() as conn:
        assert Transaksi(conn).jejak.periksa().putus is None
    pemilik.dispose()


def basis_uji(acmt_server: str, *, fsync: bool = False) -> AlamatPg:
    """Create roles, a migrated ledger template, the ledger, and an empty demo ACMT.

    :param fsync: the server outlives a power cut, which a test's need not.
    """
    with psycopg.connect(acmt_server, autocommit=True) as conn:
        for peran in (PEMILIK, APLIKASI, HALAMAN, PEMBACA):
            conn.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(peran)))
        conn.execute(f"ALTER SYSTEM SET fsync = {'on' if fsync else 'off'}".encode())
        conn.execute("SELECT pg_reload_conf()")
    templat = basis_data(acmt_server, "uji_templat")
    hak = sql.SQL("ALTER DATABASE uji_templat OWNER TO {}").format(sql.Identifier(PEMILIK))
    with psycopg.connect(acmt_server, autocommit=True) as conn:
        conn.execute(hak)
    a = AlamatPg(acmt_server, "", "", templat)
    pemilik = mesin_pemilik(a.sebagai(templat, PEMILIK))
    migrasikan(pemilik, APLIKASI, peran_halaman=HALAMAN)
    pemilik.dispose()
    acmt = basis_data(acmt_server, ACMT)
    with psycopg.connect(acmt, autocommit=True) as conn:
        acmt_demo.pasang(conn)
        acmt_demo.beri_hak(conn, PEMBACA)
    return a._replace(buku=salin_buku(a, BUKU), acmt=acmt)


def salin_buku(alamat: AlamatPg, nama: str) -> str:
    """Create a fresh ledger from the template; return its address as the superuser."""
    with psycopg.connect(alamat.server, autocommit=True) as conn:
        buat = sql.SQL("CREATE DATABASE {} TEMPLATE uji_templat OWNER {}")
        conn.execute(buat.format(sql.Identifier(nama), sql.Identifier(PEMILIK)))
    return alamat.server.replace("/postgres?", f"/{nama}?")


_JAM = re.compile(r"\b(clock_timestamp|statement_timestamp|now)\(\)")


@contextmanager
def jam_buku(alamat: str, geser: str) -> Iterator[None]:
    """Let the ledger's own clock go wrong by an interval: every function and default that asks it, as its owner can.

    :param alamat: the ledger as a superuser. :param geser: an interval, e.g. ``-2 minutes``.
    """
    with psycopg.connect(alamat, autocommit=True) as conn:
        fungsi = conn.execute(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'pengesahan'::regnamespace "
            "AND prosrc ~ '(clock|statement)_timestamp'"
        ).fetchall()
        bawaan = conn.execute(
            "SELECT adrelid::regclass::text, attname, pg_get_expr(adbin, adrelid) FROM pg_attrdef "
            "JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum JOIN pg_class c ON c.oid = adrelid "
            "WHERE c.relnamespace = 'pengesahan'::regnamespace AND pg_get_expr(adbin, adrelid) ~ '(timestamp|now)\\('"
        ).fetchall()

        def pasang(ubah: Callable[[str], str]) -> None:
            for (isi,) in fungsi:
                conn.execute(ubah(isi).encode())
            for tabel, kolom, isi in bawaan:
                conn.execute(f"ALTER TABLE {tabel} ALTER {kolom} SET DEFAULT {ubah(isi)}".encode())

        pasang(lambda isi: _JAM.sub(rf"(\1() + interval '{geser}')", isi))
        try:
            yield
        finally:
            pasang(lambda isi: isi)


def isi_koneksi(monkeypatch: pytest.MonkeyPatch, conn_id: str, **isi: Any) -> None:
    """Set an Airflow connection in the environment, as a deployment does."""
    monkeypatch.setenv(f"AIRFLOW_CONN_{conn_id.upper()}", json.dumps(isi))


def koneksi_basis(alamat: str, peran: str) -> dict[str, Any]:
    """Return the JSON of a connection to a database of the embedded server."""
    urai = urlsplit(alamat)
    host = parse_qs(urai.query)["host"][0]
    return {"conn_type": "postgres", "host": host, "schema": urai.path.lstrip("/"), "login": peran}


_mesin: dict[tuple[Any, ...], Engine] = {}
"""The engines of this process, by what they were built from. A connection's first statements are its dear ones."""
_kolam_induk: list[Pool] = []


def _di_anak() -> None:
    """A forked child has connections of its own; its parent's stay as they are, neither used nor closed."""
    for satu in _mesin.values():
        _kolam_induk.append(satu.pool)
        Engine.dispose(satu, close=False)  # what it has compiled stays


os.register_at_fork(after_in_child=_di_anak)


def _pakai_lagi(bangun: Callable[..., Engine]) -> Callable[..., Engine]:
    """Build an engine once for what it is built from; disposed of, it goes on to the next test.

    Not the page's, which gets bounds of its own, nor that of a ledger which a test copies or drops.
    """

    def ambil(sambungan: Koneksi, **pilihan: Any) -> Engine:
        if sambungan.schema not in (BUKU, ACMT) or pilihan.get("lekas"):
            return bangun(sambungan, **pilihan)
        kunci = (bangun, repr(sambungan), sambungan.password, repr((sambungan.extra_dejson, mesin.SETELAN, pilihan)))
        if kunci not in _mesin:
            _mesin[kunci] = baru = bangun(sambungan, **pilihan)
            baru.dispose = lambda close=True: None  # type: ignore[method-assign]
        return _mesin[kunci]

    return ambil


def _pemilik(alamat: str) -> Engine:
    """Return the owner's engine of a ledger, built once as well."""
    if (alamat,) not in _mesin:
        _mesin[alamat,] = mesin_pemilik(alamat)
    return _mesin[alamat,]


class Dunia:
    """One unit with its kelompok in ACMT and AP2T, its people, and everything a run needs in the environment."""

    def __init__(
        self, alamat: AlamatPg, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, zona: str = "Asia/Jakarta"
    ) -> None:
        self.alamat, self.sandbox, self.monkeypatch = alamat, sandbox, monkeypatch
        self.unitup = str(next(_nomor_unit))
        self.unit = UnitDemo(self.unitup, f"ULP Uji {self.unitup}", "60000", "60", zona)
        self.spv, self.spv_b = f"spv{self.unitup}", f"spv{self.unitup}b"
        self.kode, self.bulan = KODE, BULAN
        monkeypatch.setattr(modul_buku, "buat_mesin", _pakai_lagi(mesin.buat_mesin))
        monkeypatch.setattr(modul_layanan, "buat_engine", _pakai_lagi(buat_engine))
        modul_acmt._DITAWARKAN.clear()
        self.sambung()
        isi_koneksi(monkeypatch, "cmt_db", **koneksi_basis(alamat.buku, APLIKASI))
        isi_koneksi(monkeypatch, "acmt_db", **koneksi_basis(alamat.acmt, PEMBACA))
        isi_koneksi(
            monkeypatch, "ap2t_default", conn_type="http", host=sandbox.url, login="pembaca", password="sandi-pembaca"
        )
        sandbox.kendali("pengguna", username="pembaca", password="sandi-pembaca", unitup=[], peran=["BACA"])
        for orang in (self.spv, self.spv_b):
            self.pengguna_ap2t(orang)
        acmt_demo._isi_induk(self.acmt, self.unit, {BULAN}, (KODE,))
        self.tutup_nanti: list[Layanan] = []
        self.boleh_berulang: set[str] = set()
        """Rows that a test has posted twice on purpose, each time under an approval of its own."""
        self.dirusak: set[str] = set()
        """Rules of the audit that a test has broken on purpose, in the ledger itself or with a clock of its own."""

    def sambung(self) -> None:
        """Connect to the databases as their superuser."""
        self.acmt = psycopg.connect(self.alamat.acmt, autocommit=True)
        self.buku_lihat = psycopg.connect(self.alamat.buku, autocommit=True)

    # ---------------------------------------------------------------------------------- people and readings

    def pengguna_ap2t(self, orang: str, sandi: str = SANDI, *, sandi_koneksi: str | None = None) -> None:
        """Give a person an AP2T user of their own and the connection to it."""
        self.sandbox.kendali(
            "pengguna", username=f"ap-{orang}", password=sandi, unitup=[self.unitup], peran=["ADMIN_CMT"]
        )
        isi_koneksi(
            self.monkeypatch, f"ap2t_{orang}", conn_type="http", login=f"ap-{orang}", password=sandi_koneksi or sandi
        )

    def petugas(self, username: str, *, aktif: bool, peran: str = "ADMIN_CMT") -> None:
        """Change a person's role in v_petugas."""
        self.acmt.execute(
            "UPDATE acmt_dasar.petugas SET aktif = %s WHERE unitup = %s AND username = %s AND peran = %s",
            [aktif, self.unitup, username, peran],
        )

    def idpel(self, n: int) -> str:
        """Return the n-th customer (from 0) of the kelompok."""
        return f"{self.unitup}{n:07d}"

    def isi(self, jumlah: int, ubah: dict[int, dict[str, Any]] | None = None, *, di_ap2t: bool = True) -> list[str]:
        """Write ``jumlah`` clean readings (150 kWh at 1,300 VA), ready to approve; ``ubah`` changes some by number."""
        kini = jam.sekarang()
        baca = kini - timedelta(days=2)
        umum: dict[str, Any] = {
            **KASUS_DASAR,
            "unitup": self.unitup,
            "thblrek": self.bulan,
            "hari_baca": self.kode,
            "nama": "Siti Rahasia",
            "tgl_baca": baca,
            "verif_pengawas_oleh": f"pengawas{self.unitup}",
            "verif_pengawas_pada": baca + timedelta(hours=2),
            "verif_vendor_oleh": f"vendor{self.unitup}",
            "verif_vendor_pada": baca + timedelta(hours=3),
            "kirim_oleh": f"vendor{self.unitup}",
            "kirim_pada": baca + timedelta(hours=4),
        }
        foto = "https://foto.acmt.example/{}-{}.jpg".format
        semua = [
            {**umum, "idpel": idpel, "foto_url": foto(self.bulan, idpel), **(ubah or {}).get(n, {})}
            for n, idpel in enumerate(map(self.idpel, range(jumlah)))
        ]
        kolom = list(dict.fromkeys(k for b in semua for k in b))
        perintah = sql.SQL("COPY acmt_dasar.bacaan ({}) FROM STDIN").format(
            sql.SQL(", ").join(map(sql.Identifier, kolom))
        )
        with self.acmt.cursor() as k, k.copy(perintah) as salin:
            for b in semua:
                salin.write_row([b.get(x) for x in kolom])
        if di_ap2t:
            self.kirim_pelanggan([(b["idpel"], b["daya"]) for b in semua])
        return [b["idpel"] for b in semua]

    def kirim_pelanggan(self, pelanggan: Sequence[tuple[str, Any]]) -> None:
        """Make customers known to AP2T."""
        tempat = {"unitup": self.unitup, "thblrek": self.bulan, "hari_baca": self.kode}
        self.sandbox.kendali(
            "pelanggan",
            baris=[{**tempat, "idpel": i, "daya": "1300" if d in (None, "0") else str(d)} for i, d in pelanggan],
        )

    def ubah_acmt(self, n: int, **nilai: Any) -> None:
        """Change a reading at the source."""
        pasang = sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(k), sql.Literal(v)) for k, v in nilai.items()
        )
        self.acmt.execute(
            sql.SQL("UPDATE acmt_dasar.bacaan SET {} WHERE idpel = %s AND thblrek = %s").format(pasang),
            [self.idpel(n), self.bulan],
        )

    def stempel_baru(self, *nomor: int) -> None:
        """Have rows verified and sent once more, also those whose stamps were cleared."""
        kini = jam.sekarang()
        for n in nomor:
            self.ubah_acmt(
                n,
                verif_pengawas_oleh=f"pengawas{self.unitup}",
                verif_pengawas_pada=kini,
                verif_vendor_oleh=f"vendor{self.unitup}",
                verif_vendor_pada=kini,
                kirim_oleh=f"vendor{self.unitup}",
                kirim_pada=kini,
            )

    def pola(
        self, pola: str = "LENGKAP", pengesah: int = 1, batas: Decimal = Decimal(2000), **lain: Any
    ) -> konfigurasi.Versi | None:
        """Apply the unit's pattern of approval as the ledger's owner; the other tests' units keep theirs."""
        satu = {"kesiapan": pola, "persetujuan_kedua": pengesah == 2, "batas_jam_nyala": str(batas), **lain}
        pemilik = _pemilik(self.alamat.sebagai(self.alamat.buku, PEMILIK))
        return atur(self.layanan(), pemilik, self.unitup, satu, "uji", "pola untuk uji")

    # ------------------------------------------------------------------------------------------------- AP2T

    def di_ap2t(self, jalan: str, **isi: Any) -> Any:
        """POST to a control endpoint about this kelompok."""
        return self.sandbox.kendali(jalan, unitup=self.unitup, thblrek=self.bulan, hari_baca=self.kode, **isi)

    def pulihkan(self) -> None:
        """Take every fault away; logs stay."""
        alamat = f"{self.sandbox.url}/_sandbox/gangguan"
        self.sandbox.sesi.delete(alamat, headers={"X-Kendali-Token": KENDALI}, timeout=10).raise_for_status()

    def posting_lain(self, n: int, kwh: str = "150", nomor: str | None = "LAIN-1") -> None:
        """Post a row as somebody else would."""
        nilai = {"idpel": self.idpel(n), "sahlwbp": "1150", "sahwbp": None, "sahkvarh": None, "pemkwh": kwh}
        self.di_ap2t("posting_lain", baris=[nilai], no_pengesahan=nomor)

    def baris_ap2t(self) -> dict[str, dict[str, Any]]:
        """Return AP2T's rows by idpel."""
        lihat = self.sandbox.lihat("baris", unitup=self.unitup, thblrek=self.bulan, hari_baca=self.kode)
        return {b["idpel"]: b for b in lihat["baris"]}

    def kodeposting(self) -> dict[str, int]:
        """Return idpel -> kodeposting in AP2T."""
        return {i: b["kodeposting"] for i, b in self.baris_ap2t().items()}

    def terposting(self) -> set[str]:
        """Return the idpel at 1 in AP2T."""
        return {i for i, k in self.kodeposting().items() if k == 1}

    def jejak_ap2t(self) -> list[dict[str, Any]]:
        """Return AP2T's own audit lines of effective changes in this unit."""
        return self.sandbox.log("jejak", unitup=self.unitup)

    def di_acmt(self) -> list[tuple[str, str, str]]:
        """Return (idpel, alasan, oleh) of every call that took effect in ACMT, in order."""
        return self.acmt.execute(
            "SELECT idpel, alasan, oleh FROM acmt_dasar.pengembalian WHERE left(idpel, 5) = %s ORDER BY id",
            [self.unitup],
        ).fetchall()

    # ----------------------------------------------------------------------------------------------- ledger

    def sesi(self) -> list[int]:
        """Return the sessions of this unit by id, in order."""
        perintah = "SELECT id FROM pengesahan.sesi WHERE unitup = %s ORDER BY id"
        return [sesi_id for (sesi_id,) in self.buku_lihat.execute(perintah, [self.unitup])]

    def satu(self, perintah: str, *nilai: Any) -> Any:
        """Return the first value of a query on the ledger, as the superuser."""
        baris = self.buku_lihat.execute(perintah, nilai).fetchone()
        return baris[0] if baris else None

    def hasil(self, s: Sesi) -> dict[str, tuple[str, str | None]]:
        """Return the ledger's outcomes of a session: idpel -> (status, kode)."""
        baris = self.buku_lihat.execute("SELECT idpel, status, kode FROM pengesahan.hasil WHERE sesi_id = %s", [s.id])
        return {i: (status, kode) for i, status, kode in baris}

    def batch(self, s: Sesi) -> list[tuple[Any, ...]]:
        """Return (kunci, status, epoch, idpel, keterangan) of a session's batches."""
        return self.buku_lihat.execute(
            "SELECT kunci::text, status, epoch, idpel, keterangan FROM pengesahan.batch WHERE sesi_id = %s "
            "ORDER BY dikirim_pada",
            [s.id],
        ).fetchall()

    def jenis_jejak(self, s: Sesi) -> list[str]:
        """Return the kinds of trail entries of a session, in order."""
        baris = self.buku_lihat.execute("SELECT jenis FROM pengesahan.jejak WHERE sesi_id = %s ORDER BY id", [s.id])
        return [b[0] for b in baris]

    def isi_jejak(self, s: Sesi, jenis: str) -> dict[str, Any]:
        """Return what the last trail entry of a kind says."""
        isi = self.satu(
            "SELECT isi FROM pengesahan.jejak WHERE sesi_id = %s AND jenis = %s ORDER BY id DESC LIMIT 1", s.id, jenis
        )
        assert isinstance(isi, dict), f"tidak ada jejak {jenis}"
        return isi

    def layanan(self, **pilihan: Any) -> Layanan:
        """Open services as a task does; closed at the end of the test."""
        baru = Layanan(**pilihan)
        self.tutup_nanti.append(baru)
        return baru

    def jalan(self, **pilihan: Any) -> Jalan:
        """Return a new run of this kelompok."""
        return Jalan(self, **pilihan)

    def tutup(self) -> None:
        """Close every connection."""
        for layanan in self.tutup_nanti:
            layanan.__exit__(None, None, None)
        self.acmt.close()
        self.buku_lihat.close()

    # ------------------------------------------------------------------------------------------ after each test

    def periksa(self) -> None:
        """What must hold after every test (invariants 1, 3, 5 and 6): ledger and AP2T tell the same story."""
        ringkas = self.sandbox.lihat("ringkasan")
        assert {u["idpel"] for u in ringkas["posting_berulang"]} == self.boleh_berulang
        baris = self.baris_ap2t()
        milik_kita: dict[str, str] = dict(
            self.buku_lihat.execute(
                "SELECT h.idpel, s.nomor FROM pengesahan.hasil h JOIN pengesahan.sesi s ON s.id = h.sesi_id "
                "WHERE s.unitup = %s AND h.status = 'POSTING' ORDER BY s.id",
                [self.unitup],
            ).fetchall()
        )
        efektif = {j["idpel"]: j["nomor"] for j in self.jejak_ap2t() if j["sumber"] == "AP2T" and j["ke"] == 1}
        terbang = {
            i
            for b in self.buku_lihat.execute(
                "SELECT b.idpel FROM pengesahan.batch b JOIN pengesahan.sesi s ON s.id = b.sesi_id "
                "WHERE s.unitup = %s AND b.status = 'DIKIRIM'",
                [self.unitup],
            )
            for i in b[0]
        }
        assert {i: n for i, n in efektif.items() if i not in terbang} == {
            i: n for i, n in milik_kita.items() if i not in terbang
        }
        self._periksa_nilai(baris)
        buku = Buku.buka()
        try:
            with buku.transaksi() as tx:
                mulai(tx)
                self._periksa_jejak(tx)
                for sesi_id in self.sesi():
                    temuan = [*periksa_sesi(tx, tx.sesi.ambil(sesi_id))]
                    assert not [str(t) for t in temuan if t.aturan not in self.dirusak], "\n".join(map(str, temuan))
        finally:
            buku.tutup()

    def _periksa_jejak(self, tx: Transaksi) -> None:
        """The chain holds; the shared one from where the test before left it, and at the end it is walked once.

        Walked from its beginning after each test it would take longer with every test.
        """
        if tx.conn.engine.url.database != BUKU:  # a ledger of the test's own
            assert tx.jejak.periksa().putus is None
            return
        nomor, sidik = _terperiksa.get(self.alamat.buku, (0, jejak.AWAL))
        hasil = tx.jejak.periksa(sesudah=nomor, sidik=sidik)
        assert hasil.putus is None
        _terperiksa[self.alamat.buku] = hasil.nomor, hasil.kepala

    def _periksa_nilai(self, baris: dict[str, dict[str, Any]]) -> None:
        """Every value AP2T holds of ours is the snapshot's, digit for digit."""
        for idpel, kwh, lwbp, wbp, kvarh, nomor in self.buku_lihat.execute(
            "SELECT h.idpel, coalesce(g.kwh_kirim, g.kwh), "
            "CASE WHEN b.pilihan ? 'jam_abonemen' THEN 0 ELSE b.sahlwbp END, b.sahwbp, b.sahkvarh, s.nomor "
            "FROM pengesahan.hasil h "
            "JOIN pengesahan.sesi s ON s.id = h.sesi_id JOIN pengesahan.bacaan b USING (sesi_id, idpel) "
            "JOIN pengesahan.saringan g USING (sesi_id, idpel) WHERE s.unitup = %s AND h.status = 'POSTING' "
            "AND s.thblrek = %s AND s.hari_baca = %s",
            [self.unitup, self.bulan, self.kode],
        ):
            a = baris[idpel]
            if a["no_pengesahan"] != nomor:
                continue
            ada = tuple(None if a[k] is None else Decimal(a[k]) for k in ("pemkwh", "sahlwbp", "sahwbp", "sahkvarh"))
            assert ada == (kwh, lwbp, wbp, kvarh), idpel


class Jalan:
    """One run of the procedure: every step as a task calls it, each with services of its own kept open for the test."""

    def __init__(
        self, dunia: Dunia, *, pemicu: str | None = "", thblrek: str | None = None, run_id: str | None = None
    ) -> None:
        self.dunia = dunia
        self.run_id = run_id or f"uji__{next(_nomor_run)}"
        self.dag_id = f"pengesahan_hari_baca_{dunia.kode.lower()}"
        self.pemicu = dunia.spv if pemicu == "" else pemicu
        self.thblrek = dunia.bulan if thblrek is None else thblrek or None
        self.catatan: list[str] = []
        self.layanan = dunia.layanan(koneksi_maks=8)
        self.ukuran, self.serentak = 1000, 4
        self.undangan: Undangan | None = None
        self.penutup = ""

    def lapor(self, kalimat: str) -> None:
        """Take a log line."""
        self.catatan.append(kalimat)

    @property
    def log(self) -> str:
        """All log lines."""
        return "\n".join(self.catatan)

    @property
    def sesi(self) -> Sesi:
        """The run's session as the ledger has it now."""
        with self.layanan.buku.transaksi() as tx:
            s = tx.sesi.milik_run(self.dag_id, self.run_id)
        assert s is not None
        return s

    @property
    def langkah(self) -> Langkah:
        """What a step of this run works on, the session as the ledger has it now."""
        return Langkah(self.layanan, self.sesi, self.lapor)

    def lanjutkan(self) -> Sesi:
        """Do what clearing a failed task does first: the session that stood still goes on."""
        with self.layanan.buku.transaksi() as tx:
            return tx.sesi.lanjutkan(self.sesi)

    def buka_sesi(self, hidup: Callable[[str, str], bool] = lambda _d, _r: True, **ubah: Any) -> Sesi:
        d = self.dunia
        isi: dict[str, Any] = {
            "unitup": d.unitup,
            "thblrek": self.thblrek,
            "hari_baca": d.kode,
            "dag_id": self.dag_id,
            "run_id": self.run_id,
            "pemicu": self.pemicu,
            "terjadwal": self.pemicu is None,
        }
        return buka_sesi(self.layanan, Permintaan(**{**isi, **ubah}), hidup, self.lapor)

    def ambil_bacaan(self) -> int:
        return ambil_bacaan(self.langkah)

    def saring(self) -> dict[str, int]:
        return saring_jam_nyala(self.langkah)

    def rekap(self) -> Sesi:
        langkah = self.langkah
        buat_rekap(langkah)
        return langkah.sesi

    def buka_gerbang(self, urutan: int = 1) -> Undangan | None:
        self.undangan = buka_gerbang(self.langkah, urutan)
        return self.undangan

    def terima(
        self,
        *kembalikan: str,
        oleh: str | None = "",
        pilihan: str = SETUJU,
        urutan: int = 1,
        isian: dict[str, Any] | None = None,
    ) -> str:
        isian = {"kembalikan": list(kembalikan)} if isian is None else isian
        oleh = self.dunia.spv if oleh == "" else oleh
        jawaban = Jawaban([pilihan], isian, oleh, jam.sekarang())
        tiba = catat_tiba(self.langkah, urutan, jawaban)
        return nilai(self.langkah, tiba)

    def posting(self) -> Sesi:
        langkah = self.langkah
        posting_ap2t(langkah, ukuran=self.ukuran, serentak=self.serentak)
        return langkah.sesi

    def rekonsiliasi(self) -> Sesi:
        langkah = self.langkah
        rekonsiliasi(langkah)
        return langkah.sesi

    def tutup_sesi(self) -> str:
        self.penutup = tutup_sesi(self.langkah)
        return self.penutup

    def sampai(self, akhir: str = "tutup_sesi", *, dari: str = "buka_sesi") -> Sesi:
        """Run the steps from ``dari`` to ``akhir``, the first approver saying Sah/Setuju; return the session."""
        for nama in LANGKAH[LANGKAH.index(dari) : LANGKAH.index(akhir) + 1]:
            getattr(self, nama)()
        return self.sesi


def jalankan_sampai(dunia: Dunia, akhir: str = "tutup_sesi", **pilihan: Any) -> Jalan:
    """Start a run and take it through the steps up to ``akhir``."""
    jalan = dunia.jalan(**pilihan)
    jalan.sampai(akhir)
    return jalan


@contextmanager
def dirusak(d: Dunia, tabel: str, perintah: str, **nilai: Any) -> Iterator[Transaksi]:
    """Tamper as the superuser with the table's guards off, in a transaction that is undone."""
    mesin = create_engine(make_url(d.alamat.buku).set(drivername="postgresql+psycopg"))
    with mesin.connect() as conn:
        conn.execute(text(f"ALTER TABLE pengesahan.{tabel} DISABLE TRIGGER USER"))
        assert conn.execute(text(perintah), nilai).rowcount > 0
        yield Transaksi(conn)
    mesin.dispose()


@pytest.fixture
def dunia(alamat_pg: AlamatPg, _peladen_sandbox: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dunia]:
    """A unit of its own in an emptied sandbox; checked after the test."""
    sandbox = Sandbox(_peladen_sandbox)
    sandbox.kendali("reset", data=True)
    sandbox.kendali("token", umur=3600, hanguskan=True)
    d = Dunia(alamat_pg, sandbox, monkeypatch)
    yield d
    try:
        d.periksa()
    finally:
        d.tutup()
