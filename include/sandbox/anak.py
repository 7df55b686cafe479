"""Child processes of the stack: detached, each in a session of its own, stopped by their ids."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from sandbox.rumah import Rumah


def nyalakan(rumah: Rumah, nama: str, perintah: list[str], lingkungan: dict[str, str]) -> None:
    """Start a child that outlives this process, with its output in ``log/<nama>.log``."""
    with (rumah.log / f"{nama}.log").open("ab") as keluar:
        popen = subprocess.Popen(  # noqa: S603 -- our own commands
            perintah,
            env=lingkungan,
            stdin=subprocess.DEVNULL,
            stdout=keluar,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=rumah.folder,
        )
    semua = rumah.proses
    semua[nama] = {"pid": popen.pid, "mulai": psutil.Process(popen.pid).create_time()}
    rumah.proses = semua


def hidup(rumah: Rumah, nama: str) -> bool:
    """Tell whether the child we started under this name still runs (the pid is not believed alone)."""
    return _proses(rumah, nama) is not None


def _proses(rumah: Rumah, nama: str) -> psutil.Process | None:
    catatan = rumah.proses.get(nama)
    if not catatan:
        return None
    try:
        proses = psutil.Process(catatan["pid"])
        if abs(proses.create_time() - catatan["mulai"]) < 2 and proses.status() != psutil.STATUS_ZOMBIE:
            return proses
    except psutil.NoSuchProcess:
        pass
    return None


def hentikan(rumah: Rumah, *nama: str, sabar: float = 20.0) -> list[str]:
    """Stop children together, each with everything in its session, asked in this order. Return those that ran."""
    semua = {anak: _minta_berhenti(rumah, anak) for anak in nama}
    sisa = _tunggu_mati([proses for keturunan in semua.values() for proses in keturunan], sabar)
    for proses in sisa:
        _bunuh(proses)
    _tunggu_mati(sisa, 5)
    if catatan := rumah.proses:  # else the folder may not even be there
        rumah.proses = {anak: isi for anak, isi in catatan.items() if anak not in semua}
    return [anak for anak, keturunan in semua.items() if keturunan]


def _minta_berhenti(rumah: Rumah, nama: str) -> list[psutil.Process]:
    """Ask a child to end, and return it with everything in its session."""
    proses = _proses(rumah, nama)
    keturunan = _sesesi(rumah, nama)
    if proses is not None:
        keturunan += proses.children(recursive=True)
        _kirim_sinyal(proses.pid, signal.SIGTERM)
    else:  # its leader died without it
        for yatim in keturunan:
            _akhiri(yatim)
    return keturunan


def _tunggu_mati(proses: list[psutil.Process], batas: float) -> list[psutil.Process]:
    """Wait for processes to end, and return those that have not.

    A dead one counts as ended at once: in a container whoever inherits it may clear it away late, or never.
    """
    akhir = time.monotonic() + batas
    while (sisa := list(filter(_berjalan, proses))) and time.monotonic() < akhir:
        time.sleep(0.1)
    return sisa


def _berjalan(proses: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(proses.is_running() and proses.status() != psutil.STATUS_ZOMBIE)
    return False


def _sesesi(rumah: Rumah, nama: str) -> list[psutil.Process]:
    """Return every process of the session this child leads or led."""
    catatan = rumah.proses.get(nama)
    hasil: list[psutil.Process] = []
    if not catatan:
        return hasil
    for proses in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError, PermissionError):
            if os.getsid(proses.pid) == catatan["pid"] and proses.create_time() >= catatan["mulai"] - 2:
                hasil.append(proses)
    return hasil


def _kirim_sinyal(pid: int, sinyal: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, sinyal)


def _akhiri(proses: psutil.Process) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        proses.terminate()


def _bunuh(proses: psutil.Process) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        proses.kill()


_porta: dict[int, socket.socket] = {}
"""Ports this process has been given, each with its mark."""


def porta_bebas(mulai: int) -> int:
    """Return ``mulai`` if nothing listens there and nobody else is about to, else the next free port."""
    for porta in range(mulai, mulai + 200):
        if _tandai(porta):
            with socket.socket() as soket:
                soket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                with contextlib.suppress(OSError):
                    soket.bind(("127.0.0.1", porta))
                    return porta
            if tanda := _porta.pop(porta, None):
                tanda.close()
    raise RuntimeError(f"Tidak ada porta bebas antara {mulai} dan {mulai + 200}.")


def _tandai(porta: int) -> bool:
    """Keep a port from other stacks until this process ends: by then the child that it is for listens, or is dead.

    The mark is a name among Linux's abstract sockets: it leaves no file, and goes when its process goes.
    """
    if sys.platform == "linux" and porta not in _porta:
        tanda = socket.socket(socket.AF_UNIX)
        try:
            tanda.bind(f"\0ap2t-porta-{porta}")
        except OSError:
            tanda.close()
            return False
        _porta[porta] = tanda
    return True


def ekor(berkas: Path, baris: int = 25) -> str:
    """Return the last lines of a log."""
    return "\n".join(berkas.read_text(errors="replace").splitlines()[-baris:]) if berkas.exists() else "(kosong)"


def tunggu(syarat: str, periksa: Callable[[], bool], *, batas: float, jeda: float = 0.5) -> None:
    """Wait until ``periksa()`` is true, or raise a TimeoutError that names what was waited for."""
    akhir = time.monotonic() + batas
    while not periksa():
        if time.monotonic() > akhir:
            raise TimeoutError(f"{syarat} belum tercapai setelah {batas:.0f} detik")
        time.sleep(jeda)
