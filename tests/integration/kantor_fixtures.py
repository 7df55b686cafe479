"""A unit whose news goes out over real channels."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pemberitahuan_fixtures import PosUji
from proses_fixtures import Dunia

from ap2t.operators.saluran import buat_pembawa
from ap2t.pemberitahuan.antar import antarkan
from ap2t.pemberitahuan.aturan import Aturan
from ap2t.pemberitahuan.susun import kumpulkan

BASE = "https://pln.example/airflow"


class Kantor:
    """A unit whose news is sent to a mail server of the test's own."""

    def __init__(self, dunia: Dunia, pos: PosUji) -> None:
        self.dunia, self.pos = dunia, pos
        self.aturan = Aturan()
        self.log: list[str] = []
        self.layanan = dunia.layanan(koneksi_maks=10)
        self.buku = dunia.buku_lihat
        self.buku.execute("TRUNCATE pengesahan.pemberitahuan, pengesahan.pemberitahuan_kursor")
        self.kumpulkan()  # begins at the trail's end

    def kumpulkan(self, *, surel: bool = True) -> int:
        return kumpulkan(self.layanan, self.aturan, surel=surel, lapor=self.log.append)

    def antarkan(self, **lain: Any) -> dict[str, int]:
        return antarkan(self.layanan, buat_pembawa, BASE, self.log.append, **lain)

    def putaran(self) -> dict[str, int]:
        self.kumpulkan()
        return self.antarkan()

    def baris(self) -> list[tuple[Any, ...]]:
        """(jenis, kepada, saluran, status) in order."""
        return self.buku.execute(
            "SELECT jenis, kepada, saluran, status FROM pengesahan.pemberitahuan WHERE unitup = %s ORDER BY id",
            [self.dunia.unitup],
        ).fetchall()

    def surel(self, username: str) -> str:
        return f"{username}@pln.example"

    def waktunya(self) -> None:
        """Make what failed, or what a sender took, due now."""
        self.buku.execute("UPDATE pengesahan.pemberitahuan SET berikut_pada = now()")

    def mundur(self, jarak: timedelta) -> None:
        """Let this much time pass for what is in the outbox."""
        self.buku.execute("UPDATE pengesahan.pemberitahuan SET dibuat_pada = dibuat_pada - %s", [jarak])
