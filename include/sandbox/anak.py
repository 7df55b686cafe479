"""Child processes of the stack: detached, each in a session of its own, stopped by their ids."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil

from sandbox.rumah import Rumah


def jalankan(rumah: Rumah, nama: str, perintah: list[str], lingkungan: dict[str, str]) -> None:
    """Start a child that outlives this process; its output goes to ``log/<nama>.log``."""
    with (rumah.log / f"{nama}.log").open("ab") as keluar:
        p = subprocess.Popen(  # noqa: S603 -- our own commands
            perintah,
            env=lingkungan,
            stdin=subprocess.DEVNULL,
            stdout=keluar,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=rumah.folder,
        )
    semua = rumah.proses
    semua[nama] = {"pid": p.pid, "mulai": psutil.Process(p.pid).create_time()}
    rumah.proses = semua


def hidup(rumah: Rumah, nama: str) -> bool:
    """Tell whether the child we started under this name still runs (the pid is not believed alone)."""
    return _proses(rumah, nama) is not None


def _proses(rumah: Rumah, nama: str) -> psutil.Process | None:
    catatan = rumah.proses.get(nama)
    if not catatan:
        return None
    try:
        p = psutil.Process(catatan["pid"])
        if abs(p.create_time() - catatan["mulai"]) < 2 and p.status() != psutil.STATUS_ZOMBIE:
            return p
    except psutil.NoSuchProcess:
        pass
    return None


def hentikan(rumah: Rumah, *nama: str, sabar: float = 20.0) -> list[str]:
    """Stop children together, each with everything in its session, asked in this order; return those that ran."""
    semua = {n: _minta_berhenti(rumah, n) for n in nama}
    for s in (sisa := _tunggu_mati([p for keturunan in semua.values() for p in keturunan], sabar)):
        _bunuh(s)
    _tunggu_mati(sisa, 5)
    if catatan := rumah.proses:  # else the folder may not even be there
        rumah.proses = {n: isi for n, isi in catatan.items() if n not in semua}
    return [n for n, keturunan in semua.items() if keturunan]


def _minta_berhenti(rumah: Rumah, nama: str) -> list[psutil.Process]:
    """Ask a child to end; return it with everything in its session."""
    p = _proses(rumah, nama)
    keturunan = _sesesi(rumah, nama)
    if p is not None:
        keturunan += p.children(recursive=True)
        _kirim(p.pid, signal.SIGTERM)
    else:  # its leader died without it
        for s in keturunan:
            _akhiri(s)
    return keturunan


def _tunggu_mati(proses: list[psutil.Process], batas: float) -> list[psutil.Process]:
    """Wait for processes to end; return those that have not.

    A dead one counts as ended at once: in a container whoever inherits it may clear it away late, or never.
    """
    akhir = time.monotonic() + batas
    while (proses := [p for p in proses if _berjalan(p)]) and time.monotonic() < akhir:
        time.sleep(0.1)
    return proses


def _berjalan(p: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(p.is_running() and p.status() != psutil.STATUS_ZOMBIE)
    return False


def _sesesi(rumah: Rumah, nama: str) -> list[psutil.Process]:
    """Return every process of the session this child leads or led."""
    catatan = rumah.proses.get(nama)
    hasil: list[psutil.Process] = []
    if not catatan:
        return hasil
    for p in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError, PermissionError):
            if os.getsid(p.pid) == catatan["pid"] and p.create_time() >= catatan["mulai"] - 2:
                hasil.append(p)
    return hasil


def _kirim(pid: int, sinyal: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, sinyal)


def _akhiri(p: psutil.Process) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        p.terminate()


def _bunuh(p: psutil.Process) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        p.kill()


_porta: dict[int, socket.socket] = {}
"""Ports this process has been given, each with its mark."""


def porta_bebas(mulai: int) -> int:
    """Return ``mulai`` if nothing listens there and nobody else is about to, else the next free port."""
    for porta in range(mulai, mulai + 200):
        if _tandai(porta):
            with socket.socket() as s:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                with contextlib.suppress(OSError):
                    s.bind(("127.0.0.1", porta))
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


def tunggu(syarat: str, periksa: object, *, batas: float, jeda: float = 0.5) -> None:
    """Wait until ``periksa()`` is true; ``TimeoutError`` names what was waited for."""
    assert callable(periksa)  # noqa: S101
    akhir = time.monotonic() + batas
    while not periksa():
        if time.monotonic() > akhir:
            raise TimeoutError(f"{syarat} belum tercapai setelah {batas:.0f} detik")
        time.sleep(jeda)
