"""A ledger filled by real runs and sealed on the way, to be tampered with: on a copy, or undone after the test."""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from proses_fixtures import APLIKASI, PEMILIK, AlamatPg, Dunia, Jalan, koneksi_basis, salin_buku
from psycopg import sql
from sqlalchemy import text

from ap2t.audit import folder_segel
from ap2t.audit.laporan import Laporan
from ap2t.audit.periksa import Lingkup, periksa_lingkup
from ap2t.audit.periksa_segel import periksa_segel
from ap2t.audit.rantai import Rentang, telusuri
from ap2t.audit.segel import segel_harian
from ap2t.domain.kesiapan import Tahap
from ap2t.galat import Ap2tMenolak, Ap2tTidakPasti
from ap2t.hooks.ap2t import Badan, KlienAp2t
from ap2t.koneksi import Koneksi
from ap2t.ledger.buku import Buku, Transaksi
from ap2t.ledger.mesin import buat_mesin
from ap2t.ledger.skema import mesin_pemilik, migrasikan
from ap2t.proses.gerbang import TOLAK
from ap2t.proses.kesiapan import catat_tengok, tengok
from ap2t.proses.tutup import hentikan
from conftest import Sandbox

AUDITOR = "uji_auditor"
_salinan = itertools.count(1)


class Terisi(NamedTuple):
    """A filled ledger (database name), the folder of its seals, and its sessions by what happened in them."""

    alamat: AlamatPg
    basis: str
    segel: Path
    sesi: dict[str, str]
    """penuh: every outcome; tolak: rejected; dua: two approvers; alih: taken over, by lanjut; ulang: left halfway."""

    def salin(self, folder: Path) -> Terisi:
        """Return a copy of ledger and seals."""
        nama = f"uji_audit_{next(_salinan)}"
        with psycopg.connect(self.alamat.server, autocommit=True) as conn:
            buat = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}")
            conn.execute(buat.format(*map(sql.Identifier, (nama, self.basis, PEMILIK))))
        tujuan = folder / "segel"
        shutil.copytree(self.segel, tujuan)
        return self._replace(basis=nama, segel=tujuan)

    def buku(self, peran: str = PEMILIK) -> Buku:
        """Open the ledger as a role."""
        isi = koneksi_basis(self.alamat.server.replace("/postgres?", f"/{self.basis}?"), peran)
        return Buku(buat_mesin(Koneksi("uji", "postgres", host=isi["host"], login=peran, schema=isi["schema"])))

    @contextmanager
    def dirusak(self) -> Iterator[Perusak]:
        """Tamper as the owner, guards switched off, in one transaction that is undone."""
        buku = self.buku()
        try:
            with buku.mesin.connect() as conn:
                yield Perusak(Transaksi(conn), self)
        finally:
            buku.tutup()


class Perusak:
    """The owner at work: every guard off while it changes things, on again when it is done."""

    def __init__(self, tx: Transaksi, terisi: Terisi) -> None:
        self.tx, self.conn, self.terisi = tx, tx.conn, terisi

    def jalankan(self, perintah: str, **nilai: Any) -> int:
        """Run a statement with the guards of its tables off; return how many rows it touched.

        ``@sesi`` in it is the id of the session whose number is ``nomor``.
        """
        perintah = perintah.replace("@sesi", "(SELECT id FROM pengesahan.sesi WHERE nomor = :nomor)")
        tabel = set(re.findall(r"(?:UPDATE|FROM|INTO) pengesahan\.(\w+)", perintah))
        self._pagar("DISABLE", tabel)
        jumlah = self.conn.execute(text(perintah), nilai).rowcount
        self._pagar("ENABLE", tabel)
        return jumlah

    def _pagar(self, aksi: str, tabel: set[str]) -> None:
        for t in tabel:
            self.conn.execute(text(f"ALTER TABLE pengesahan.{t} {aksi} TRIGGER USER"))

    def rangkai_ulang(self, dari: int) -> None:
        """Compute the whole chain anew from an entry on, and the head: what a forger who knows it all would do."""
        self.jalankan(
            """
            DO $$
            DECLARE j pengesahan.jejak; v_sebelum bytea; v_sidik bytea;
            BEGIN
                SELECT coalesce((SELECT sidik FROM pengesahan.jejak WHERE id < __DARI__ ORDER BY id DESC LIMIT 1),
                                sha256('awal'::bytea)) INTO v_sebelum;
                FOR j IN SELECT * FROM pengesahan.jejak WHERE id >= __DARI__ ORDER BY id LOOP
                    v_sidik := pengesahan.sidik_jejak(j.id, j.pada, j.sesi_id, j.jenis, j.pelaku, j.isi, v_sebelum);
                    UPDATE pengesahan.jejak SET sebelum = v_sebelum, sidik = v_sidik WHERE id = j.id;
                    v_sebelum := v_sidik;
                END LOOP;
                UPDATE pengesahan.jejak_kepala SET (id, sidik) =
                    (SELECT id, sidik FROM pengesahan.jejak ORDER BY id DESC LIMIT 1);
            END $$
            """.replace("__DARI__", str(dari))
        )

    def palsukan(self, nomor: str, jenis: str, ubah: str) -> None:
        """Change an entry of a session as well, and bind the chain anew: chain and tables then tell the same lie."""
        dari = self.conn.execute(
            text(
                "SELECT j.id FROM pengesahan.jejak j JOIN pengesahan.sesi s ON s.id = j.sesi_id "
                "WHERE s.nomor = :nomor AND j.jenis = :jenis ORDER BY j.id LIMIT 1"
            ),
            {"nomor": nomor, "jenis": jenis},
        ).scalar_one()
        self.jalankan("UPDATE pengesahan.jejak SET @ubah WHERE id = :id".replace("@ubah", ubah), id=dari)
        self.rangkai_ulang(dari)

    def periksa_jejak(self, folder: Path | None = None) -> Laporan:
        """Check chain and seals as they now stand."""
        laporan = Laporan()
        jangkar = periksa_segel(self.tx, folder_segel.baca_segel(folder or self.terisi.segel), (), laporan)
        telusuri(self.tx, jangkar, Rentang(0, None), laporan, lambda _: None)
        return laporan

    def periksa(self, **lingkup: Any) -> Laporan:
        """Audit what now stands, seals included."""
        diperiksa = Lingkup(**{"segel": self.terisi.segel, **lingkup})
        folder = None if diperiksa.segel is None else folder_segel.baca_segel(diperiksa.segel)
        return periksa_lingkup(self.tx, diperiksa, folder, lambda _: None)


def isi_buku(d: Dunia, folder: Path) -> dict[str, str]:
    """Run the procedure in many ways, each in a month of its own, with a seal after each; return the numbers."""
    nomor: dict[str, str] = {}
    for nama, jalankan in (
        *(("penuh", _penuh), ("tolak", _tolak), ("dua", _dua), ("alih", _alih), ("lanjut", _lanjut)),
        ("ulang", _ulang),
    ):
        jalan = jalankan(d)
        nomor[nama] = jalan.sesi.nomor
        segel_harian(jalan.layanan, folder, lambda _: None, paksa=True)
    return nomor


def _penuh(d: Dunia) -> Jalan:
    """Every outcome: posted, held, sent back, changed at the source, refused by AP2T twice over, posted by others."""
    aneh = {"kelainan": "a\tb\\c\nd \u00e9 \\N", "kode_baca": "\\"}
    semua = d.isi(14, {0: {"sahlwbp": "9999", "pemkwh": None}, 1: {"daya": None}, 6: aneh})
    d.posting_lain(10)
    jalan = d.jalan()
    jalan.ukuran = 3
    s = jalan.buka_sesi()
    for apa in Tahap:
        hasil = tengok(jalan.layanan, s.tempat, s.pola, apa)
        catat_tengok(jalan.layanan, s.nomor, apa, hasil)
    jalan.sampai("buka_gerbang", dari="ambil_bacaan")
    jalan.terima(isian={"kembalikan": [semua[2]], "catatan": "lihat <b>lagi</b>"})
    d.ubah_acmt(3, sahlwbp="1151")
    d.di_ap2t("tolak", idpel=[semua[4]], kode="DATA_TIDAK_VALID")
    asli = KlienAp2t.kirim_posting

    def kirim(klien: KlienAp2t, kunci: str, badan: Badan) -> Any:
        if semua[5] in badan.idpel:
            raise Ap2tMenolak("bentuk", kode="DATA_TIDAK_VALID", status=400)
        return asli(klien, kunci, badan)

    d.monkeypatch.setattr(KlienAp2t, "kirim_posting", kirim)
    jalan.sampai(dari="posting")
    d.monkeypatch.setattr(KlienAp2t, "kirim_posting", asli)
    return jalan


def _tolak(d: Dunia) -> Jalan:
    d.bulan = "202605"
    d.isi(3)
    jalan = d.jalan()
    jalan.sampai("buka_gerbang")
    jalan.terima(pilihan=TOLAK)
    return jalan


def _dua(d: Dunia) -> Jalan:
    """Two approvers, started by a third person."""
    d.bulan = "202604"
    d.isi(5)
    d.pola(pengesah=2)
    jalan = d.jalan(pemicu=f"vendor{d.unitup}")
    jalan.sampai("terima")
    jalan.buka_gerbang(2)
    jalan.terima(oleh=d.spv_b, urutan=2)
    jalan.sampai(dari="posting")
    d.pola()
    return jalan


def _alih(d: Dunia) -> Jalan:
    """A run that ends with a batch in flight and is taken over."""
    d.bulan = "202603"
    d.isi(6)
    jalan = d.jalan()
    jalan.ukuran, jalan.serentak = 3, 1
    jalan.sampai("terima")
    d.sandbox.ganggu("hilang_sesudah", "posting")
    d.sandbox.ganggu("galat", "batch", "tutup", sisa=None, status=503)
    with pytest.raises(Ap2tTidakPasti):
        jalan.posting()
    d.pulihkan()
    hentikan(jalan.langkah, "uji")
    with jalan.layanan.buku.transaksi() as tx:
        tx.jejak.catat("SESI_DILANJUTKAN", {"tahap": jalan.lanjutkan().tahap}, sesi_id=jalan.sesi.id)
    return jalan


def _ulang(d: Dunia) -> Jalan:
    """A snapshot that was taken back and taken anew after its rekap, and then left."""
    d.bulan = "202602"
    d.isi(4, {0: {"sahlwbp": "9999", "pemkwh": None}})
    jalan = d.jalan()
    jalan.sampai("rekap")
    d.ubah_acmt(0, sahlwbp="1150", pemkwh="150")
    jalan.ambil_bacaan()
    hentikan(jalan.langkah, "uji")
    return jalan


def _lanjut(d: Dunia) -> Jalan:
    """The run that takes over and posts the rest."""
    jalan = d.jalan()
    jalan.buka_sesi(hidup=lambda _d, _r: False)
    jalan.sampai(dari="ambil_bacaan")
    return jalan


@pytest.fixture(scope="session")
def terisi(alamat_pg: AlamatPg, _peladen_sandbox: str, tmp_path_factory: pytest.TempPathFactory) -> Terisi:
    """Fill a ledger by real runs, with five seals; nobody changes it for good."""
    sandbox = Sandbox(_peladen_sandbox)
    sandbox.kendali("reset", data=True)
    sandbox.kendali("token", umur=3600, hanguskan=True)
    folder = tmp_path_factory.mktemp("audit") / "segel"
    basis = "uji_audit"
    alamat = alamat_pg._replace(buku=salin_buku(alamat_pg, basis))
    with psycopg.connect(alamat.server, autocommit=True) as conn:
        conn.execute(f"CREATE ROLE {AUDITOR} LOGIN")
        conn.execute(f"ALTER ROLE {AUDITOR} SET default_transaction_read_only = on")
    pemilik = mesin_pemilik(alamat.sebagai(alamat.buku, PEMILIK))
    migrasikan(pemilik, APLIKASI, AUDITOR)
    pemilik.dispose()
    with pytest.MonkeyPatch.context() as mp:
        mp.setenv("AP2T_SABAR_DETIK", "1")
        dunia = Dunia(alamat, sandbox, mp)
        sesi = isi_buku(dunia, folder)
        dunia.tutup()
    return Terisi(alamat, basis, folder, sesi)


@pytest.fixture
def rusak(terisi: Terisi) -> Iterator[Perusak]:
    """The owner's hand on the filled ledger; undone after the test."""
    with terisi.dirusak() as p:
        yield p
