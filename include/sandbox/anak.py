"""Child processes of the stack: detached, each in a session of its own, stopped by their ids."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
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


def hentikan(rumah: Rumah, nama: str, *, sabar: float = 20.0) -> bool:
    """Stop a child with everything in its session; return whether it ran."""
    p = _proses(rumah, nama)
    keturunan = _sesesi(rumah, nama)
    if p is not None:
        keturunan += p.children(recursive=True)
        _kirim(p.pid, signal.SIGTERM)
    else:  # its leader died without it
        for s in keturunan:
            _akhiri(s)
    _, sisa = psutil.wait_procs(keturunan, timeout=sabar)
    for s in sisa:
        _bunuh(s)
    psutil.wait_procs(sisa, timeout=5)
    semua = rumah.proses
    semua.pop(nama, None)
    rumah.proses = semua
    return bool(keturunan)


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


def porta_bebas(mulai: int) -> int:
    """Return ``mulai`` if nothing listens there, else the next free port."""
    for porta in range(mulai, mulai + 200):
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", porta))
            except OSError:
                continue
            return porta
    raise RuntimeError(f"Tidak ada porta bebas antara {mulai} dan {mulai + 200}.")


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
