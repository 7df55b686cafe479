"""The units' patterns of approval, with history."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Connection

from ap2t.galat import MasukanTidakSah
from ap2t.ledger import jejak
from ap2t.ledger.mesin import jalankan
from ap2t.ledger.sesi import Pola


def atur(conn: Connection, unitup: str, pola: Pola, oleh: str, alasan: str) -> None:
    """Record a new pattern for a unit; sessions that are open keep theirs.

    :raises MasukanTidakSah: unknown pattern, not one or two approvers, a limit outside (0, 2000], a short reason.
    """
    if pola.pola not in ("LENGKAP", "BERTAHAP"):
        raise MasukanTidakSah(f"Pola {pola.pola!r} tidak dikenal: pilih LENGKAP atau BERTAHAP.")
    if pola.pengesah not in (1, 2):
        raise MasukanTidakSah("Jumlah pengesah harus 1 atau 2.")
    if not pola.batas_jam_nyala.is_finite() or not 0 < pola.batas_jam_nyala <= Decimal(2000):
        raise MasukanTidakSah("Batas jam nyala harus di atas 0 dan tidak boleh di atas 2000 (SOP 12.1).")
    if len(alasan.strip()) < 10:
        raise MasukanTidakSah("Alasan paling sedikit 10 huruf; ia dibaca auditor.")
    nilai = pola._asdict()
    jalankan(conn, "pola_unit_catat", unitup=unitup, **nilai, oleh=oleh, alasan=alasan.strip())
    jejak.catat(conn, "POLA_DIATUR", {"unitup": unitup, **nilai, "alasan": alasan.strip()}, pelaku=oleh)
