"""What a comparison with AP2T's list found, written down and told the same way whatever was compared (invariant 5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from ap2t.domain.teks import daftar, ribuan
from ap2t.galat import BukuMenolak
from ap2t.ledger import jejak, luar, sesi
from ap2t.proses.layanan import Lapor, Layanan


@dataclass
class Temuan:
    """Rows that agree, rows that do not, and what others changed."""

    lain: luar.Pembanding
    cocok: int = 0
    beda: list[str] = field(default_factory=list)
    """Rows that do not agree: "idpel (why)"."""


def catat_temuan(layanan: Layanan, s: sesi.Sesi, temuan: Temuan, diterima: str, lapor: Lapor) -> sesi.Sesi:
    """Record a comparison and tell it; return the session at stage COCOK.

    :param diterima: what others may have done that a second comparison accepts, as part of a sentence.
    :raises BukuMenolak: a row disagrees, or the run no longer holds the session.
    """

    def catat(conn: Connection) -> sesi.Sesi:
        # in either case: one that no longer holds the session writes nothing, and two go one after the other
        kini = sesi.ke_tahap(conn, s, s.tahap if temuan.beda else "COCOK")
        luar_baru = luar.catat(conn, kini, temuan.lain.luar, "REKONSILIASI")
        isi: dict[str, Any] = {
            "hasil": "BEDA" if temuan.beda else "COCOK",
            "cocok": temuan.cocok,
            "beda": temuan.beda[:100],
            "jumlah_beda": len(temuan.beda),
            "luar": luar_baru,
        }
        jejak.catat(conn, "REKONSILIASI", isi, sesi_id=s.id)
        return kini

    s = layanan.buku.ulang(catat)
    if temuan.lain.luar:
        contoh = daftar([f"{i} ({apa})" for i, apa, _ in temuan.lain.luar], 20)
        lapor(f"DILUAR_SISTEM: {ribuan(len(temuan.lain.luar))} pelanggan diubah pihak lain di AP2T: {contoh}.")
    if temuan.beda:
        raise BukuMenolak(
            f"Rekonsiliasi {s.tempat}: {ribuan(len(temuan.beda))} pelanggan tidak cocok antara buku dan AP2T: "
            f"{daftar(temuan.beda, 20)}. Periksa di AP2T bersama pengelolanya, lalu ulangi (clear) tugas rekonsiliasi: "
            f"yang memang {diterima} sudah dicatat DILUAR_SISTEM dan diterima pada ulangan itu."
        )
    lapor(f"Rekonsiliasi: {ribuan(temuan.cocok)} pelanggan cocok baris demi baris dengan AP2T.")
    return s
