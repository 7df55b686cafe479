"""The sweep: a scenario dies at each of its boundaries in turn, and is taken up again.

A boundary lies before and behind every commit (to the ledger, and to ACMT where it writes) and every request to AP2T.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, NoReturn

import requests
from sqlalchemy.engine.base import Connection

from ap2t.proses.tutup import hentikan, lanjutkan

CARA = ("ulang", "clear", "ambil alih")
"""How a dead step is taken up: tried again; cleared after its failure was told; by another run, which takes over."""


class Selesai(NamedTuple):
    """What became of a child: the steps it began, its boundaries in order, and how it ended (0, or minus a signal)."""

    langkah: list[str]
    batas: list[str]
    kode: int


def jalankan(kerja: Callable[[Callable[[str], None]], None], mati: int | None = None) -> Selesai:
    """Run work in a process of its own, which dies (SIGKILL) at the boundary of that number, from 1 on.

    :param kerja: told how to say which step begins. :raises AssertionError: it failed by itself.
    """
    baca, tulis = os.pipe()
    anak = os.fork()
    if anak == 0:
        os.close(baca)
        _di_anak(kerja, mati, tulis)
    os.close(tulis)
    with os.fdopen(baca) as pipa:
        baris = pipa.read().splitlines()
    kode = os.waitstatus_to_exitcode(os.waitpid(anak, 0)[1])
    galat = [satu for satu in baris if satu.startswith("GALAT")]
    assert not galat, "\n".join(baris)
    return Selesai(
        [satu.removeprefix("LANGKAH ") for satu in baris if satu.startswith("LANGKAH ")],
        [satu.removeprefix("BATAS ") for satu in baris if satu.startswith("BATAS ")],
        kode,
    )


def _di_anak(kerja: Callable[[Callable[[str], None]], None], mati: int | None, tulis: int) -> NoReturn:
    hitung = 0

    def kirim(baris: str) -> None:
        os.write(tulis, f"{baris}\n".encode())

    def batas(nama: str) -> None:
        nonlocal hitung
        hitung += 1
        kirim(f"BATAS {nama}")
        if hitung == mati:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        with _berbatas(batas):
            kerja(lambda nama: kirim(f"LANGKAH {nama}"))
    except BaseException:  # whatever it is, the parent is told
        for baris in traceback.format_exc().splitlines():
            kirim(f"GALAT {baris}")
        os._exit(1)
    os._exit(0)


@contextmanager
def _berbatas(batas: Callable[[str], None]) -> Iterator[None]:
    """Count boundaries: before and behind each commit and each request."""
    komit, minta = Connection._commit_impl, requests.Session.send

    def komit_berbatas(self: Connection) -> None:
        nama = f"commit {self.engine.url.database}"
        batas(f"sebelum {nama}")
        komit(self)
        batas(f"sesudah {nama}")

    def minta_berbatas(self: requests.Session, request: requests.PreparedRequest, **lain: Any) -> requests.Response:
        nama = f"{request.method} {(request.path_url or '').split('?')[0]}"
        batas(f"sebelum {nama}")
        jawaban = minta(self, request, **lain)
        batas(f"sesudah {nama}")
        return jawaban

    Connection._commit_impl = komit_berbatas  # type: ignore[method-assign]
    requests.Session.send = minta_berbatas  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        Connection._commit_impl = komit  # type: ignore[method-assign]
        requests.Session.send = minta  # type: ignore[method-assign]


def berhenti_lalu_clear(jalan: Any) -> None:
    """Do what Airflow does with a dead step, and a person after it: the session is TERHENTI, then goes on."""
    with jalan.layanan.buku.transaksi() as tx:
        ada = tx.sesi.milik_run(jalan.dag_id, jalan.run_id)
    if ada is not None and ada.terbuka:
        hentikan(jalan.langkah, "proses tugas mati")
        with jalan.layanan.buku.transaksi() as tx:
            lanjutkan(tx, jalan.sesi)
