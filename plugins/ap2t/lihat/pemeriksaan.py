"""What people found at a row that they looked at, and the words that they may say it with."""

from __future__ import annotations

from typing import Any

from ap2t.ledger.buku import Transaksi
from ap2t.ledger.sesi import Sesi


def pemeriksaan_pelanggan(tx: Transaksi, sesi: Sesi, idpel: str) -> list[dict[str, Any]]:
    """Return what each person found at a customer of a session, the last time."""
    return [dict(satu) for satu in tx.jalankan("pemeriksaan_pelanggan", sesi_id=sesi.id, idpel=idpel).mappings()]


def pilihan_pemeriksaan(tx: Transaksi, sesi: Sesi) -> dict[str, tuple[str, ...]]:
    """Return the words to choose from, by the pattern that a session was opened with."""
    pola = tx.konfigurasi.pola_sesi(sesi)
    return {"hasil": pola.hasil_pemeriksaan, "tindak_lanjut": pola.tindak_lanjut}
