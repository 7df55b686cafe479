"""The sweep: a scenario dies at each of its boundaries in turn, is taken up again, and is judged.

A boundary lies before and behind every commit (to the ledger, and to ACMT where it writes), every request, every mail
and every file that is put in its place. Each step has a process of its own, as its task has: the one that dies there is
killed, those before it and whoever takes it up are this one.
"""

from __future__ import annotations

import json
import os
import re
import signal
import smtplib
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, NoReturn
from unittest.mock import patch
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
import requests
from proses_fixtures import AlamatPg, Dunia, basis_uji
from sqlalchemy.engine.base import Connection

from ap2t.galat import LewatiLangkah
from ap2t.penjaga.tenggat import jaga_sesi
from ap2t.proses.tutup import hentikan, lanjutkan
from conftest import Sandbox
from sandbox.postgres import PostgresTertanam

ULANG, CLEAR, AMBIL_ALIH, PENJAGA = CARA = ("ulang", "clear", "ambil alih", "penjaga")
"""How a dead step is taken up.

It is tried again; cleared after its failure was told; another run takes over; the watch finds the run gone, and then it
is cleared.
"""


class Tempat(NamedTuple):
    """Where scenarios are played: the databases, AP2T, and what undoes the environment."""

    alamat: AlamatPg
    ap2t: str
    monkeypatch: pytest.MonkeyPatch
    basis: BasisTahan | None = None


@pytest.fixture
def tempat(alamat_pg: AlamatPg, _peladen_sandbox: str, monkeypatch: pytest.MonkeyPatch) -> Tempat:
    """The databases that the tests share, and AP2T by its address."""
    return Tempat(alamat_pg, _peladen_sandbox, monkeypatch)


class BasisTahan:
    """A PostgreSQL of its own, which keeps what was committed whatever becomes of it.

    :param folder: a new one, of a short name.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._tertanam = folder, PostgresTertanam(folder)
        with psycopg.connect(self._tertanam.url("postgres"), autocommit=True) as conn:
            conn.execute("ALTER SYSTEM SET recovery_init_sync_method = syncfs")  # once for all its files
        self.alamat = basis_uji(self._tertanam.url("postgres"), fsync=True)

    def matikan(self) -> None:
        """Kill the server and all its processes, each by its number."""
        induk = psutil.Process(int((self._folder / "postmaster.pid").read_text().split()[0]))
        semua = (induk, *induk.children())
        for satu in semua:
            satu.kill()
        _, masih = psutil.wait_procs(semua, timeout=30)
        assert not masih

    def hidupkan(self) -> None:
        """Start it again: it recovers from its log."""
        self._tertanam = PostgresTertanam(self._folder)

    def tutup(self) -> None:
        """Stop it."""
        self._tertanam.hentikan()


class Batas(NamedTuple):
    """A boundary: what happens there, and the how manieth it is (from 1) of its thread.

    Between threads there is no order that would be the same twice.
    """

    langkah: str
    utas: str
    ke: int
    nama: str

    def __str__(self) -> str:
        return f"{self.langkah}, {self.nama} ({self.utas})"


class Cerita:
    """A scenario in a unit of its own: its steps in order, each as its task does it, and what must be so in the end."""

    langkah: ClassVar[Mapping[str, Callable[[Any], Any]]]
    """What each step does with what :meth:`jalan` returns."""
    disapu: ClassVar[Collection[str]] = ()
    """The steps that die; none named: every one."""
    cara: ClassVar[Sequence[str]] = CARA

    def __init__(self, tempat: Tempat) -> None:
        self.tempat = tempat
        sandbox = Sandbox(tempat.ap2t)
        sandbox.kendali("reset", data=True)
        sandbox.kendali("token", umur=3600, hanguskan=True)
        self.dunia = Dunia(tempat.alamat, sandbox, tempat.monkeypatch)
        self.run_id = f"sapuan__{self.dunia.unitup}"
        self.sampai: list[Batas] = []
        """What the process that died did, up to where."""
        self.siapkan()

    def siapkan(self) -> None:
        """Write what the scenario begins with."""

    def jalan(self, run_id: str) -> Any:
        """Return a run, with services of its own, as far as it is."""
        raise NotImplementedError

    def matikan(self) -> None:
        """Kill what dies just before the process does."""

    def sesudah_mati(self) -> None:
        """Do what others do before the dead step is taken up."""

    def sebelum_ambil_alih(self) -> None:
        """Do what another run needs."""

    def nilai(self) -> None:
        """Judge by what the receiving side has; the audit is asked besides."""

    def tutup(self) -> None:
        """Close every connection."""
        self.dunia.tutup()

    # ------------------------------------------------------------------------------------------------ what it goes by

    def lakukan(self, nama: str, run_id: str, *, hidup: bool = True) -> None:
        """Do one step. One that has nothing to do is skipped, as its task is, and those behind it run."""
        jalan = self.jalan(run_id)
        jalan.hidup = hidup
        with suppress(LewatiLangkah):
            self.langkah[nama](jalan)

    def lakukan_dari(self, dari: str, run_id: str, *, sebelum: str | None = None, hidup: bool = True) -> None:
        """Do the steps from one on, to the end or to the one before another."""
        semua = list(self.langkah)
        for nama in semua[semua.index(dari) : semua.index(sebelum) if sebelum else None]:
            self.lakukan(nama, run_id, hidup=hidup)

    def hitung(self) -> list[Batas]:
        """Do all steps, and return the boundaries of those that are swept."""
        semua = []
        for nama in self.langkah:
            if self.disapu and nama not in self.disapu:
                self.lakukan(nama, self.run_id)
                continue
            kode, batas = di_anak(nama, lambda nama=nama: self.lakukan(nama, self.run_id))
            assert kode == 0
            semua += batas
        self.periksa()
        return semua

    def sampai_mati(self, langkah: str, batas: Batas | str, run_id: str) -> list[Batas]:
        """Do the steps before one, and that one until it dies at a boundary (:func:`di_anak`). Return its last ones."""
        self.lakukan_dari(next(iter(self.langkah)), run_id, sebelum=langkah)
        kode, sampai = di_anak(langkah, lambda: self.lakukan(langkah, run_id), batas, self.matikan)
        assert kode == -signal.SIGKILL
        return sampai

    def coba(self, batas: Batas, cara: str) -> None:
        """Die at a boundary, be taken up again, and be judged."""
        self.sampai = self.sampai_mati(batas.langkah, batas, self.run_id)
        assert batas in self.sampai
        self.sesudah_mati()
        if cara == AMBIL_ALIH:
            self.sebelum_ambil_alih()
            self.lakukan_dari(next(iter(self.langkah)), f"{self.run_id}_lagi", hidup=False)
        else:
            if cara != ULANG:
                _berhenti_lalu_clear(self.jalan(self.run_id), cara)
            self.lakukan_dari(batas.langkah, self.run_id)
        self.periksa()

    def periksa(self) -> None:
        """Judge, and ask the audit."""
        self.nilai()
        self.dunia.periksa()


def sapu(bangun: Callable[[], Cerita]) -> int:
    """Try every boundary of a scenario, and return how many there are. ``SAPUAN=37`` tries one alone.

    The ways of taking up come in turn; ``SAPUAN_GESER=1``, ``2`` and ``3`` give each boundary the others.
    """
    with _usai(bangun()) as utuh:
        semua = utuh.hitung()
    pilih, geser = os.environ.get("SAPUAN"), int(os.environ.get("SAPUAN_GESER", "0"))
    gagal = {}
    for nomor, batas in enumerate(semua, 1):
        if pilih not in (None, str(nomor)):
            continue
        cara = utuh.cara[(nomor + geser) % len(utuh.cara)]
        try:
            with _usai(bangun()) as cerita:
                cerita.coba(batas, cara)
        except Exception as galat:  # all are told, with their numbers
            gagal[f"SAPUAN={nomor} ({batas}; {cara})"] = str(galat)[:2000]
    assert not gagal, "\n\n".join(f"{nama}: {sebab}" for nama, sebab in gagal.items())
    return len(semua)


@contextmanager
def _usai(cerita: Cerita) -> Iterator[Cerita]:
    try:
        yield cerita
    finally:
        cerita.tutup()


def _berhenti_lalu_clear(jalan: Any, cara: str) -> None:
    """Do what Airflow or the watch does with a dead step, and a person after it: the session stops, then goes on."""
    with jalan.layanan.buku.transaksi() as tx:
        ada = tx.sesi.milik_run(jalan.dag_id, jalan.run_id)
    if ada is None or not ada.terbuka:
        return
    if cara == PENJAGA:
        jaga_sesi(jalan.layanan, lambda _dag, run: run != jalan.run_id, jalan.lapor)
    else:
        hentikan(jalan.langkah, "proses tugas mati")
    with jalan.layanan.buku.transaksi() as tx:
        lanjutkan(tx, jalan.sesi)


# ------------------------------------------------------------------------------------------------------ how it dies


def di_anak(
    langkah: str, kerja: Callable[[], None], mati: Batas | str | None = None, matikan: Callable[[], None] | None = None
) -> tuple[int, list[Batas]]:
    """Run a step in a process of its own, which dies (SIGKILL) at a boundary, or at the first of that name.

    :return: how it ended (0, or minus a signal), and its boundaries as they came.
    :raises AssertionError: it failed by itself.
    """
    baca, tulis = os.pipe()
    anak = os.fork()
    if anak == 0:
        os.close(baca)
        _kerjakan(langkah, kerja, mati, matikan, tulis)
    os.close(tulis)
    with os.fdopen(baca) as pipa:
        baris = pipa.read().splitlines()
    kode = os.waitstatus_to_exitcode(os.waitpid(anak, 0)[1])
    assert kode != 1, "\n".join(baris)
    return kode, [Batas(*json.loads(satu)) for satu in baris]


def _kerjakan(
    langkah: str, kerja: Callable[[], None], mati: Batas | str | None, matikan: Callable[[], None] | None, tulis: int
) -> NoReturn:
    hitung = Counter[str]()
    satu_satu = threading.Lock()

    def batas(nama: str) -> None:
        utas = threading.current_thread().name
        with satu_satu:
            hitung[utas] += 1
            ini = Batas(langkah, utas, hitung[utas], nama)
            os.write(tulis, f"{json.dumps(ini)}\n".encode())
            if mati in (ini, nama):
                if matikan is not None:
                    matikan()
                os.kill(os.getpid(), signal.SIGKILL)

    try:
        with _berbatas(batas):
            kerja()
    except BaseException:  # whatever it is, the parent is told
        os.write(tulis, traceback.format_exc().encode())
        os._exit(1)
    os._exit(0)


def _basis(conn: Connection) -> str:
    return f"commit {Path(conn.engine.url.database or '').stem.rstrip('_0123456789')}"


_KUNCI = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d{5}(?=/)")
_TITIK: Sequence[tuple[object, str, Callable[..., str]]] = (
    (Connection, "_commit_impl", _basis),
    (requests.Session, "send", lambda _, minta, **__: f"{minta.method} {_KUNCI.sub('…', urlsplit(minta.url).path)}"),
    (smtplib.SMTP, "send_message", lambda *_: "surel"),
    (Path, "replace", lambda *_: "nama berkas"),
    (os, "fsync", lambda *_: "isi berkas"),
)
"""What is done once and for all, and what it is called."""


@contextmanager
def _berbatas(batas: Callable[[str], None]) -> Iterator[None]:
    """Tell boundaries: before and behind whatever stands in ``_TITIK``; of the watch's looks at others' health none."""

    def berbatas(asli: Callable[..., Any], sebut: Callable[..., str]) -> Callable[..., Any]:
        def lakukan(*isi: Any, **lain: Any) -> Any:
            if threading.current_thread().name.startswith("kesehatan"):  # side by side, in no order; they write nothing
                return asli(*isi, **lain)
            nama = sebut(*isi, **lain)
            batas(f"sebelum {nama}")
            hasil = asli(*isi, **lain)
            batas(f"sesudah {nama}")
            return hasil

        return lakukan

    with ExitStack() as semua:
        for kelas, nama, sebut in _TITIK:
            semua.enter_context(patch.object(kelas, nama, berbatas(getattr(kelas, nama), sebut)))
        yield
