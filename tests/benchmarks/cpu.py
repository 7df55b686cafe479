"""CPU seconds: of the parts of a stack, and of what works on a ledger beside this process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from sandbox.rumah import Rumah

SELANG = 0.1
"""Seconds between two looks at backends, which take their figures along when they end."""


def per_bagian(rumah: Rumah) -> dict[str, float]:
    """Return what each component of a stack has used so far, with everything it started."""
    hasil = {nama: _pohon(catatan["pid"]) for nama, catatan in rumah.proses.items()}
    # LocalExecutor: tasks are the scheduler's children
    sendiri = _sendiri(psutil.Process(rumah.proses["scheduler"]["pid"]))
    hasil |= {"scheduler": sendiri, "tugas": hasil["scheduler"] - sendiri}
    hasil["postgresql"] = _pohon(induk_postgres(rumah.pg))
    return hasil


def induk_postgres(folder: Path) -> int:
    """Return the process id of the server in a folder."""
    return int((folder / "postmaster.pid").read_text().splitlines()[0])


def _sendiri(proses: psutil.Process) -> float:
    t = proses.cpu_times()
    return float(t.user + t.system)


def _pohon(pid: int) -> float:
    try:
        p = psutil.Process(pid)
        semua = [p, *p.children(recursive=True)]
    except psutil.Error:
        return 0.0
    jumlah = 0.0
    for satu in semua:
        try:
            t = satu.cpu_times()
        except psutil.Error:  # a task that has just ended: its parent counts it
            continue
        jumlah += t.user + t.system + t.children_user + t.children_system
    return jumlah


class Terpakai:
    """What this process and a database's backends used. ``detik``: known once the block has ended."""

    detik: float

    def __init__(self, postgres: int, basis: str) -> None:
        self._ini, self._postgres, self._basis = psutil.Process(), psutil.Process(postgres), f" {basis} "
        self._backend: dict[tuple[int, float], float] = {}
        self._usai = threading.Event()

    def lihat(self) -> float:
        """Look at the backends, and return what all have used so far."""
        for satu in self._postgres.children():
            try:
                if self._basis in " ".join(satu.cmdline()):
                    self._backend[satu.pid, satu.create_time()] = _sendiri(satu)
            except psutil.Error:
                continue
        return _sendiri(self._ini) + sum(self._backend.values())

    def terus(self) -> None:
        """Look again and again, until the block has ended."""
        while not self._usai.wait(SELANG):
            self.lihat()

    def selesai(self) -> None:
        self._usai.set()


@contextmanager
def terpakai(postgres: int, basis: str) -> Iterator[Terpakai]:
    """Measure what this process and the backends of a database use within the block.

    :param postgres: the server's process id.
    """
    hasil = Terpakai(postgres, basis)
    awal = hasil.lihat()
    utas = threading.Thread(target=hasil.terus, daemon=True)
    utas.start()
    try:
        yield hasil
    finally:
        hasil.detik = hasil.lihat() - awal
        hasil.selesai()
        utas.join()
