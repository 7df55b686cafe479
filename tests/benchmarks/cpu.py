"""CPU seconds: of the parts of a stack, and of what works on a ledger beside this process."""

from __future__ import annotations

from pathlib import Path

import psutil

from sandbox.rumah import Rumah


def per_bagian(rumah: Rumah) -> dict[str, float]:
    """Return what each component of a stack has used so far, with everything it started."""
    hasil = {nama: _pohon(catatan["pid"]) for nama, catatan in rumah.proses.items()}
    # LocalExecutor: tasks are the children of the schedulers
    semua = [nama for nama in hasil if nama.startswith("scheduler")]
    sendiri = sum(_sendiri(psutil.Process(rumah.proses[nama]["pid"])) for nama in semua)
    pohon = sum(hasil.pop(nama) for nama in semua)
    hasil |= {"scheduler": sendiri, "tugas": pohon - sendiri}
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


def terpakai(postgres: int, basis: str) -> float:
    """Return what this process and the backends of a database have used so far. A backend that has ended is not known.

    :param postgres: the server's process id.
    """
    jumlah = _sendiri(psutil.Process())
    for satu in psutil.Process(postgres).children():
        try:
            if f" {basis} " in " ".join(satu.cmdline()):
                jumlah += _sendiri(satu)
        except psutil.Error:
            continue
    return jumlah
