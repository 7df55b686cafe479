"""The watch over open sessions: deadlines at the gate, and sessions whose run is gone. Knows no Airflow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from ap2t.galat import BukuMenolak, GalatPengesahan
from ap2t.ledger import jejak, persetujuan, sesi
from ap2t.proses.layanan import Lapor, Layanan
from ap2t.proses.tutup import hentikan

RunHidup = Callable[[str, str], bool]
"""Tells whether a run (dag_id, run_id) is still queued or running."""


class Laporan(NamedTuple):
    """What one round did; ``gagal`` names the sessions that could not be looked after."""

    terbuka: int
    lewat: int
    kedaluwarsa: int
    yatim: int
    gagal: list[str]


def jaga_sesi(layanan: Layanan, run_hidup: RunHidup, lapor: Lapor) -> Laporan:
    """Look at every open session once; trouble with one never keeps the others from being looked at."""
    with layanan.buku.transaksi() as conn:
        terbuka = sesi.semua_terbuka(conn)
    kejadian = {"lewat": 0, "kedaluwarsa": 0, "yatim": 0}
    gagal: list[str] = []
    for s in terbuka:
        try:
            apa = _jaga_satu(layanan, s, run_hidup, lapor)
        except BukuMenolak as e:  # its run moved it on meanwhile
            lapor(str(e))
        except Exception as e:
            gagal.append(s.nomor)
            sebab = str(e) if isinstance(e, GalatPengesahan) else type(e).__name__  # other words may quote anything
            lapor(f"Sesi {s.nomor} tidak dapat dijaga: {sebab}. Yang lain tetap dijaga.")
        else:
            if apa:
                kejadian[apa] += 1
    laporan = Laporan(len(terbuka), **kejadian, gagal=gagal)
    lapor(
        f"{laporan.terbuka} sesi terbuka: {laporan.lewat} baru lewat tenggat jawab, {laporan.kedaluwarsa} kedaluwarsa, "
        f"{laporan.yatim} ditinggal run-nya, {len(gagal)} tidak dapat dijaga."
    )
    return laporan


def _jaga_satu(layanan: Layanan, s: sesi.Sesi, run_hidup: RunHidup, lapor: Lapor) -> str | None:
    if s.tahap == "MENUNGGU_PERSETUJUAN":
        apa = _tenggat(layanan, s, lapor)
        if apa == "kedaluwarsa":
            return apa
    else:
        apa = None
    if s.status == "BERJALAN" and not run_hidup(s.dag_id, s.run_id):
        hentikan(layanan, s, "run sudah berhenti tanpa menutup sesi", lapor)
        return "yatim"
    return apa


def _tenggat(layanan: Layanan, s: sesi.Sesi, lapor: Lapor) -> str | None:
    with layanan.buku.transaksi() as conn:
        t = persetujuan.tenggat(conn, s)
    if t is None:
        return None
    if t.lewat_tutup:
        kedaluwarsakan(layanan, s, t, lapor)
        return "kedaluwarsa"
    if not t.lewat_batas or t.diberitahukan:
        return None
    isi = {"urutan": t.urutan, "sejak": t.sejak, "batas": t.batas, "eskalasi": s.eskalasi}
    with layanan.buku.transaksi() as conn:
        jejak.catat(conn, "TENGGAT_LEWAT", isi, sesi_id=s.id)
    beri_tahu_eskalasi(s, t, lapor)
    return "lewat"


def beri_tahu_eskalasi(s: sesi.Sesi, t: persetujuan.Tenggat, lapor: Lapor) -> None:
    """Say in the log that a deadline has passed, and to whom it goes.

    Nothing is sent from here: :mod:`ap2t.proses.pemberitahuan` derives the messages from the trail's TENGGAT_LEWAT.
    """
    lapor(
        f"Sesi {s.nomor} ({s.tempat}) belum dijawab sampai tenggat {waktu_unit(t.batas, s)}. Eskalasi kepada: "
        f"{', '.join(s.eskalasi)}. {s.tanpa_akibat} dengan sendirinya."
    )


def kedaluwarsakan(layanan: Layanan, s: sesi.Sesi, t: persetujuan.Tenggat, lapor: Lapor) -> None:
    """End a session that nobody answered in time; its kelompok is free for a new run at once.

    :raises BukuMenolak: it was answered, or ended, meanwhile.
    """
    tetap = "semua tetap seperti semula" if s.pembatalan else "semua tetap belum disahkan"
    kalimat = (
        f"Sesi {s.nomor} KEDALUWARSA: tidak dijawab sampai {waktu_unit(t.tutup, s)}. {s.tanpa_akibat}; {tetap}. "
        "Mulai run baru."
    )

    def catat(conn: Connection) -> None:
        isi = {"urutan": t.urutan, "sejak": t.sejak, "tutup": t.tutup, **sesi.kedaluwarsa(conn, s, kalimat).akhir}
        jejak.catat(conn, "SESI_KEDALUWARSA", isi, sesi_id=s.id)

    layanan.buku.ulang(catat)
    lapor(kalimat)


def waktu_unit(saat: datetime | None, s: sesi.Sesi) -> str:
    """Write an instant in the unit's own zone."""
    return "-" if saat is None else f"{saat.astimezone(ZoneInfo(s.zona_waktu)):%d-%m-%Y %H:%M %Z}"
