"""The trail: append-only, each entry bound to the one before by a SHA-256 that the database computes."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection

from ap2t.ledger.mesin import alirkan, jalankan, ke_json

SISTEM = "sistem"
"""Actor of what no person did."""


def catat(
    conn: Connection, jenis: str, isi: dict[str, Any], *, sesi_id: int | None = None, pelaku: str = SISTEM
) -> None:
    """Add one fact in the caller's transaction: it stands if and only if what it tells of stands.

    :param jenis: what happened, e.g. ``SESI_DIBUKA``.
    :param isi: the facts, JSON; decimals go as text.
    :param pelaku: who did it: a username, or ``sistem``.
    """
    jalankan(conn, "jejak_catat", sesi_id=sesi_id, jenis=jenis, pelaku=pelaku, isi=ke_json(isi))


class Pemeriksaan(NamedTuple):
    """Outcome of a check of the chain; ``putus`` names the first broken link, ``None`` if all holds."""

    jumlah: int
    putus: str | None
    kepala: str = ""
    """SHA-256 (hex) of the last entry: written down elsewhere, it shows later that nothing was cut off."""


def periksa(conn: Connection) -> Pemeriksaan:
    """Walk the whole chain, streamed, and stop at the first link that does not hold."""
    jumlah = 0
    for baris in alirkan(conn, "jejak_periksa", 5000):
        jumlah += 1
        if not baris.urut:
            return Pemeriksaan(jumlah, f"sebelum jejak nomor {baris.id} ada jejak yang hilang atau disisipkan")
        if not baris.sambung:
            return Pemeriksaan(jumlah, f"jejak nomor {baris.id} ({baris.jenis}) tidak menyambung ke jejak sebelumnya")
        if not baris.isi_utuh:
            return Pemeriksaan(jumlah, f"isi jejak nomor {baris.id} ({baris.jenis}) berubah")
    kepala = jalankan(conn, "jejak_kepala").one()
    if kepala.id > kepala.akhir:
        return Pemeriksaan(jumlah, f"jejak sesudah nomor {kepala.akhir} hilang (kepala menunjuk {kepala.id})")
    if not (kepala.nomor_cocok and kepala.sidik_cocok):
        return Pemeriksaan(jumlah, f"jejak terakhir (nomor {kepala.akhir}) berbeda dari yang ditunjuk kepala")
    return Pemeriksaan(jumlah, None, kepala.sidik)
