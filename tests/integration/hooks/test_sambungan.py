"""Sessions of the ledger and of ACMT: settings that hold, waits that end, errors told by what a person can do."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from penerus import Penerus, penerus
from proses_fixtures import APLIKASI, PEMBACA, Dunia, Jalan, isi_koneksi, jalankan_sampai, koneksi_basis
from psycopg import sql
from test_buku_kunci import di_utas
from typer.testing import CliRunner

from ap2t import sambungan_pg
from ap2t.cli import app
from ap2t.domain.model import Tempat
from ap2t.galat import (
    BukuBertabrakan,
    BukuMenolak,
    BukuTidakTerjangkau,
    DataTidakSah,
    GalatPengesahan,
    KoneksiTidakSah,
    SumberTidakTerjangkau,
)
from ap2t.koneksi import Koneksi
from ap2t.ledger import buku as modul_buku
from ap2t.ledger import mesin
from ap2t.ledger.buku import Buku, setelan_beda
from ap2t.ledger.kiriman import BarisRekonsiliasi
from ap2t.proses import layanan as modul_layanan
from ap2t.proses.layanan import Layanan
from ap2t.source import koneksi as koneksi_sumber
from ap2t.source.acmt import SumberAcmt
from ap2t.triggers.kesiapan import KesiapanTrigger
from sandbox.anak import tunggu
from tests.perintah import keluar


@pytest.fixture(autouse=True)
def _sambungan_baru(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here connections are opened anew: nothing of another test's is used."""
    monkeypatch.setattr(modul_buku, "buat_mesin", mesin.buat_mesin)
    monkeypatch.setattr(modul_layanan, "buat_engine", koneksi_sumber.buat_engine)


@contextmanager
def setelan_aneh(dunia: Dunia, peran: str, **setelan: str) -> Iterator[None]:
    """Have a role's sessions begin with other settings than ours."""
    with psycopg.connect(dunia.alamat.server, autocommit=True) as conn:
        ubah = sql.SQL("ALTER ROLE {} SET {} = {}")
        for nama, nilai in setelan.items():
            conn.execute(ubah.format(sql.Identifier(peran), sql.SQL(nama), sql.Literal(nilai)))
        try:
            yield
        finally:
            conn.execute(sql.SQL("ALTER ROLE {} RESET ALL").format(sql.Identifier(peran)))


@contextmanager
def lewat(dunia: Dunia, conn_id: str, **pilihan: bool) -> Iterator[Penerus]:
    """Lead a connection through a relay."""
    alamat, peran = {"cmt_db": (dunia.alamat.buku, APLIKASI), "acmt_db": (dunia.alamat.acmt, PEMBACA)}[conn_id]
    isi = koneksi_basis(alamat, peran)
    with penerus(isi["host"], **pilihan) as p:
        isi_koneksi(dunia.monkeypatch, conn_id, **{**isi, "host": "127.0.0.1", "port": p.porta})
        try:
            yield p
        finally:
            isi_koneksi(dunia.monkeypatch, conn_id, **isi)


def sidik(jalan: Jalan) -> str:
    with jalan.dunia.layanan().buku.transaksi() as tx:
        return tx.cuplikan.sidik(jalan.sesi)


# ---------------------------------------------------------------------------------------------------------- settings


def test_setelan_berlaku_walau_options_dibuang(dunia: Dunia) -> None:
    """PgBouncer may drop startup options: the digest's text, the search path and every limit hold all the same."""
    dunia.isi(3)
    jalan = jalankan_sampai(dunia, "saring")
    langsung = sidik(jalan)
    aneh = {"timezone": "Asia/Jakarta", "datestyle": "German", "search_path": "public", "bytea_output": "escape"}
    with setelan_aneh(dunia, APLIKASI, **aneh, statement_timeout="0"), lewat(dunia, "cmt_db", buang_options=True):
        buku = dunia.layanan().buku
        with buku.transaksi() as tx:
            kini = {n: tx.conn.exec_driver_sql(f"SHOW {n}").scalar_one() for n in mesin.SETELAN}
        assert kini == mesin.SETELAN
        assert sidik(jalan) == langsung
        assert setelan_beda(buku) == []
        buku.tutup()


def test_setelan_acmt_berlaku_walau_options_dibuang(dunia: Dunia) -> None:
    """The source's COPY text is read in UTC and ISO; nothing is written there by accident; no statement is endless."""
    dunia.isi(2)
    biasa = list(dunia.layanan().sumber.salin(Tempat(dunia.unitup, dunia.bulan, dunia.kode)))
    aneh = {"timezone": "Asia/Makassar", "datestyle": "SQL, DMY", "default_transaction_read_only": "off"}
    with setelan_aneh(dunia, PEMBACA, **aneh), lewat(dunia, "acmt_db", buang_options=True):
        sumber = dunia.layanan().sumber
        kini = list(sumber.salin(Tempat(dunia.unitup, dunia.bulan, dunia.kode)))
        assert kini == biasa
        assert all(isinstance(isi, bytes) for isi in kini)
        assert koneksi_sumber.setelan_beda(sumber.engine) == []
        with sumber.engine.connect() as conn:
            lihat = {n: conn.exec_driver_sql(f"SHOW {n}").scalar_one() for n in koneksi_sumber.SETELAN}
        assert lihat == koneksi_sumber.SETELAN
        sumber.engine.dispose()


def test_sesi_yang_hilang_di_tengah_jalan_ditolak(dunia: Dunia) -> None:
    """What handed our session to somebody else has taken its settings: nothing is read or written there."""
    buku = dunia.layanan().buku
    with buku.lihat() as tx:
        tx.conn.exec_driver_sql("RESET ALL")
    with pytest.raises(KoneksiTidakSah, match=r"cmt_db .*berganti-ganti.*pool_mode=session"), buku.transaksi():
        pass


def test_pemicu_yang_dimatikan_ditolak(dunia: Dunia) -> None:
    """A role whose sessions fire no trigger would write past every guard."""
    with (
        setelan_aneh(dunia, APLIKASI, session_replication_role="replica"),
        pytest.raises(KoneksiTidakSah, match=r"session_replication_role replica \(harus origin\)"),
        dunia.layanan().buku.transaksi(),
    ):
        pass


PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")


@pytest.mark.skipif(PGBOUNCER is None and os.environ.get("CI") != "true", reason="PgBouncer tidak terpasang")
@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_pgbouncer(dunia: Dunia, mode: str) -> None:
    """A pool of sessions serves; one of transactions is refused, by ``periksa`` at the latest."""
    isi = koneksi_basis(dunia.alamat.buku, APLIKASI)
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="pgb") as nama:
        folder, pemilik = Path(nama), Path(isi["host"]).owner()
        (folder / "orang").write_text(f'"{APLIKASI}" ""\n')
        (folder / "ini").write_text(
            f"[databases]\n* = host={isi['host']}\n[pgbouncer]\nlisten_port = 6432\nunix_socket_dir = {nama}\n"
            f"auth_type = trust\nauth_file = {nama}/orang\npool_mode = {mode}\n"
        )
        shutil.chown(folder, pemilik)
        proses = subprocess.Popen([str(PGBOUNCER), "-q", "-u", pemilik, f"{nama}/ini"])
        try:
            with socket.socket(socket.AF_UNIX) as s:  # its file is there before anybody listens at it
                tunggu("PgBouncer", lambda: s.connect_ex(f"{nama}/.s.PGSQL.6432") == 0, batas=30, jeda=0.01)
            isi_koneksi(dunia.monkeypatch, "cmt_db", **{**isi, "host": nama, "port": 6432})
            buku = dunia.layanan().buku
            assert bool(setelan_beda(buku)) == (mode == "transaction")
            buku.tutup()
        finally:
            isi_koneksi(dunia.monkeypatch, "cmt_db", **isi)
            proses.terminate()
            proses.wait(10)


# ------------------------------------------------------------------------------------------ a server that goes away


def putuskan(dunia: Dunia, peran: str) -> None:
    """End every session of a role, and wait until they are gone."""
    dunia.buku_lihat.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [peran])
    while dunia.satu("SELECT count(*) FROM pg_stat_activity WHERE usename = %s", peran):
        threading.Event().wait(0.01)


Aliran = Callable[[Jalan], Iterator[Any]]


def _di_buku(alir: Callable[[Any, Jalan], Iterator[Any]]) -> Aliran:
    def jalan_(jalan: Jalan) -> Iterator[Any]:
        with jalan.layanan.buku.transaksi() as tx:
            yield from alir(tx, jalan)

    return jalan_


ALIRAN_BUKU: dict[str, Aliran] = {
    "jejak": _di_buku(lambda tx, _: tx.jejak.baca()),
    "bukti": _di_buku(lambda tx, j: iter(tx.alirkan("bukti_baris", 7, sesi_id=j.sesi.id, kembalikan=[]))),
    "copy": _di_buku(lambda tx, j: tx.cuplikan.teks_sidik(j.sesi)),
    "halaman": lambda j: iter(j.layanan.buku.halaman(BarisRekonsiliasi, "rekonsiliasi_baris", 7, sesi_id=j.sesi.id)),
}
ALIRAN_ACMT: dict[str, Aliran] = {
    "salin": lambda j: j.layanan.sumber.salin(_tempat(j), potong=7),
    "baca": lambda j: j.layanan.sumber.baca(_tempat(j), potong=7),
    "kesiapan": lambda j: j.layanan.sumber.baca_kesiapan(_tempat(j), potong=7),
}


def _tempat(jalan: Jalan) -> Tempat:
    return Tempat(jalan.dunia.unitup, jalan.dunia.bulan, jalan.dunia.kode)


@pytest.mark.parametrize("saat", ["awal", "tengah", "akhir"])
@pytest.mark.parametrize("nama", [*ALIRAN_BUKU, *ALIRAN_ACMT])
def test_server_hilang_di_aliran(dunia: Dunia, nama: str, saat: str) -> None:
    """Wherever in a stream the connection dies, the error is the project's own, and may be tried again."""
    dunia.isi(60)
    jalan = jalankan_sampai(dunia, "saring")
    aliran, peran, jenis = (
        (ALIRAN_BUKU[nama], APLIKASI, BukuTidakTerjangkau)
        if nama in ALIRAN_BUKU
        else (ALIRAN_ACMT[nama], PEMBACA, SumberTidakTerjangkau)
    )
    semua = sum(1 for _ in aliran(jalan))
    putus_sesudah = {"awal": 1, "tengah": semua // 2, "akhir": semua}[saat]
    galat = None
    try:
        for ke, _ in enumerate(aliran(jalan), 1):
            if ke == putus_sesudah:
                putuskan(dunia, peran)
    except GalatPengesahan as e:  # what had been sent before may still be read to its end
        galat = e
    if galat is not None:
        assert isinstance(galat, jenis)
        assert not galat.permanen
        assert re.search(r"SQLSTATE (57P01|08\d{3})", str(galat))
    assert sum(1 for _ in aliran(jalan)) == semua  # the next one is served again


def test_server_hilang_saat_menulis(dunia: Dunia) -> None:
    """A connection that dies before its commit took everything back, and says so as the project's own error."""
    buku = dunia.layanan().buku

    def tulis() -> None:
        with buku.transaksi() as tx:
            tx.jejak.catat("UJI_HILANG", {"unitup": dunia.unitup})
            putuskan(dunia, APLIKASI)

    with pytest.raises(BukuTidakTerjangkau, match=r"SQLSTATE (57P01|08)"):
        tulis()
    assert dunia.satu("SELECT count(*) FROM pengesahan.jejak WHERE isi ->> 'unitup' = %s", dunia.unitup) == 0


def test_pemicu_kesiapan_bertahan(dunia: Dunia) -> None:
    """A wait of days survives connections to ACMT that die while it looks, also at the very end of a look."""
    dunia.isi(25)
    jalan = jalankan_sampai(dunia, "buka_sesi")
    nomor, tempat = jalan.sesi.nomor, _tempat(jalan)._asdict()
    pemicu = KesiapanTrigger(nomor=nomor, **tempat, pola="LENGKAP", apa="STAN_TERISI", jeda=0, batas=60)
    baca = SumberAcmt.baca_kesiapan
    putus = [PEMBACA] * 2

    def terputus(diri: SumberAcmt, *a: Any, **k: Any) -> Iterator[Any]:
        for ke, bagian in enumerate(baca(diri, *a, **{**k, "potong": 10}), 1):
            if ke == 3 and putus:  # the last piece: only the stream's end is left
                putuskan(dunia, putus.pop())
            yield bagian

    dunia.monkeypatch.setattr(SumberAcmt, "baca_kesiapan", terputus)

    async def tunggu() -> Any:
        return await anext(pemicu.run())

    peristiwa = asyncio.run(tunggu())
    assert peristiwa.payload["siap"] is True
    assert putus == []


# --------------------------------------------------------------------------------------------- waits that end


def test_server_beku_tidak_ditunggu_tanpa_akhir(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that stands still ends no statement itself: the client gives up soon after the server should have."""
    monkeypatch.setattr(sambungan_pg, "SISA", 0.2)
    monkeypatch.setattr(mesin, "BATAS_PERINTAH", 0.3)
    monkeypatch.setattr(koneksi_sumber, "BATAS_PERINTAH", 0.3)
    for conn_id in ("cmt_db", "acmt_db"):
        with lewat(dunia, conn_id) as p:
            layanan = dunia.layanan()

            def tanya(layanan: Layanan = layanan, conn_id: str = conn_id) -> Any:
                if conn_id == "acmt_db":
                    return layanan.sumber.jumlah(Tempat(dunia.unitup, dunia.bulan, dunia.kode))
                with layanan.buku.transaksi() as tx:
                    return tx.jejak.kepala()

            tanya()
            p.bekukan()
            utas, hasil = di_utas(tanya)
            utas.join(30)
            [galat] = hasil
            assert isinstance(galat, BukuTidakTerjangkau | SumberTidakTerjangkau)
            assert "tidak menjawab" in str(galat)
            assert not galat.permanen


# ------------------------------------------------------------------------------ errors by what a person can do


def _lempar(kode_: str) -> str:
    return f"DO $$ BEGIN RAISE EXCEPTION 'nama Siti 1150' USING ERRCODE = '{kode_}'; END $$"


@pytest.mark.parametrize(
    ("kode", "jenis", "permanen", "kata"),
    [
        ("53100", BukuTidakTerjangkau, False, "Disk server buku pengesahan penuh"),
        ("53200", BukuTidakTerjangkau, False, "kehabisan memori"),
        ("53300", BukuTidakTerjangkau, False, "sudah sebanyak batasnya"),
        ("53400", BukuTidakTerjangkau, False, "kehabisan sumber daya"),
        ("57P01", BukuTidakTerjangkau, False, "failover"),
        ("57P03", BukuTidakTerjangkau, False, "failover"),
        ("57014", BukuTidakTerjangkau, False, "melewati batas waktunya"),
        ("55P03", BukuTidakTerjangkau, False, "dipegang proses lain"),
        ("40P01", BukuBertabrakan, False, "berbenturan"),
        ("40001", BukuBertabrakan, False, "berbenturan"),
        ("08006", BukuTidakTerjangkau, False, "tidak menjawab"),
        ("25006", BukuTidakTerjangkau, False, r"siaga \(standby\)"),
        ("25P03", BukuTidakTerjangkau, False, "diam terlalu lama"),
        ("58030", BukuTidakTerjangkau, False, "membaca atau menulis berkasnya"),
        ("28P01", BukuTidakTerjangkau, True, "kata sandi koneksi cmt_db"),
        ("3D000", BukuTidakTerjangkau, True, "tidak ada di server"),
        ("XX001", BukuTidakTerjangkau, True, "kerusakan"),
        ("22003", DataTidakSah, True, "yang salah datanya"),
        ("23514", BukuMenolak, True, "bertentangan"),
        ("42501", BukuMenolak, True, "tidak berhak"),
        ("42P01", BukuMenolak, True, "ap2t buku migrasi"),
        ("AP001", BukuMenolak, True, "menolak"),
        ("P0001", BukuMenolak, True, "menolak"),
    ],
)
def test_galat_buku_menurut_kodenya(
    dunia: Dunia, kode: str, jenis: type[GalatPengesahan], permanen: bool, kata: str
) -> None:
    """Each kind has its own sentence and remedy, its SQLSTATE stands in it, and no value of the driver's words does."""
    buku = dunia.layanan().buku
    with pytest.raises(jenis, match=kata) as galat:
        buku.ulang(lambda tx: tx.conn.exec_driver_sql(_lempar(kode)))
    assert galat.value.permanen is permanen
    assert f"SQLSTATE {kode}" in str(galat.value)
    if kode not in ("AP001", "42501"):  # the ledger's own guards and rights speak of no value
        assert "Siti" not in str(galat.value)


def test_galat_menyambung(dunia: Dunia) -> None:
    """What libpq tells in words alone: no such person, no such database, no connection left, nobody there."""
    isi = koneksi_basis(dunia.alamat.buku, APLIKASI)
    with psycopg.connect(dunia.alamat.server, autocommit=True) as conn:
        conn.execute("DROP ROLE IF EXISTS uji_sempit")
        conn.execute("CREATE ROLE uji_sempit LOGIN CONNECTION LIMIT 0")
    for ubah, kode, permanen in (
        ({"login": "tiada"}, "28P01", True),
        ({"schema": "tiada"}, "3D000", True),
        ({"login": "uji_sempit"}, "53300", False),
        ({"host": "127.0.0.1", "port": 1}, "08006", False),
        ({"host": "tiada.invalid"}, "08006", False),
    ):
        buku = Buku(mesin.buat_mesin(Koneksi(**{"conn_id": "cmt_db", **isi, **ubah})))
        with pytest.raises(BukuTidakTerjangkau, match=f"SQLSTATE {kode}") as galat, buku.transaksi():
            pass
        assert galat.value.permanen is permanen, ubah
    with psycopg.connect(dunia.alamat.server, autocommit=True) as conn:
        conn.execute("DROP ROLE uji_sempit")


def test_nilai_yang_tidak_dapat_disimpan(dunia: Dunia) -> None:
    """A NUL in a text is the data's fault, told so, and not the ledger refusing."""
    buku = dunia.layanan().buku
    with pytest.raises(DataTidakSah, match=r"yang salah datanya, bukan buku pengesahan.*SQLSTATE 22"):
        buku.ulang(lambda tx: tx.jejak.catat("UJI\0", {}))


def test_galat_acmt_menurut_kodenya(dunia: Dunia) -> None:
    """The same table for ACMT: a person who may not connect is not told that nobody answers."""
    isi = koneksi_basis(dunia.alamat.acmt, PEMBACA)
    for ubah, kode, permanen in (
        ({"login": "tiada"}, "28P01", True),
        ({"schema": "tiada"}, "3D000", True),
        ({"host": "127.0.0.1", "port": 1}, "08006", False),
    ):
        isi_koneksi(dunia.monkeypatch, "acmt_db", **{**isi, **ubah})
        with pytest.raises(SumberTidakTerjangkau, match=f"SQLSTATE {kode}.*acmt_db") as galat:
            dunia.layanan().sumber.semua_unit()
        assert galat.value.permanen is permanen, ubah
    isi_koneksi(dunia.monkeypatch, "acmt_db", **isi)


def test_periksa_menyebut_setelan(dunia: Dunia, tmp_path: Path) -> None:
    """``ap2t periksa`` names the setting that does not hold, and its exit code tells."""
    dunia.monkeypatch.setenv("AP2T_HOME", str(tmp_path))
    with setelan_aneh(dunia, APLIKASI, session_replication_role="replica"):
        hasil = keluar(CliRunner().invoke(app, ["periksa"]), 1)
    assert "Buku (cmt_db): GAGAL. Setelan sesi pada koneksi cmt_db" in hasil.stderr
    assert "ACMT (acmt_db): sesuai kontrak" in hasil.stdout
