"""The watch over open sessions: deadlines at the gate, and sessions whose run is gone. Knows no Airflow."""

from __future__ import annotations

from typing import NamedTuple

from ap2t.domain.teks import waktu_unit
from ap2t.galat import BukuMenolak, GalatPengesahan
from ap2t.ledger.persetujuan import Tenggat
from ap2t.ledger.sesi import Sesi
from ap2t.proses.layanan import Lapor, Layanan, RunHidup
from ap2t.proses.tutup import hentikan, kedaluwarsakan


class Laporan(NamedTuple):
    """What one round did; ``gagal`` names the sessions that could not be looked after."""

    terbuka: int
    lewat: int
    kedaluwarsa: int
    yatim: int
    gagal: list[str]


def jaga_sesi(layanan: Layanan, run_hidup: RunHidup, lapor: Lapor) -> Laporan:
    """Look at every open session once; trouble with one never keeps the others from being looked at."""
    with layanan.buku.transaksi() as tx:
        terbuka = tx.sesi.semua_terbuka()
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


def _jaga_satu(layanan: Layanan, s: Sesi, run_hidup: RunHidup, lapor: Lapor) -> str | None:
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


def _tenggat(layanan: Layanan, s: Sesi, lapor: Lapor) -> str | None:
    with layanan.buku.transaksi() as tx:
        t = tx.persetujuan.tenggat(s)
    if t is None:
        return None
    if t.lewat_tutup:
        kedaluwarsakan(layanan, s, t, lapor)
        return "kedaluwarsa"
    if not t.lewat_batas or t.diberitahukan or t.tiba:
        return None
    isi = {"urutan": t.urutan, "sejak": t.sejak, "batas": t.batas, "eskalasi": s.eskalasi}
    with layanan.buku.transaksi() as tx:
        tx.jejak.catat("TENGGAT_LEWAT", isi, sesi_id=s.id)
    beri_tahu_eskalasi(s, t, lapor)
    return "lewat"


def beri_tahu_eskalasi(s: Sesi, t: Tenggat, lapor: Lapor) -> None:
    """Say in the log that a deadline has passed, and to whom it goes.

    Nothing is sent from here: :mod:`ap2t.pemberitahuan.susun` derives the messages from the trail's TENGGAT_LEWAT.
    """
    lapor(
        f"Sesi {s.nomor} ({s.tempat}) belum dijawab sampai tenggat {waktu_unit(t.batas, s.zona_waktu)}. "
        f"Eskalasi kepada: {', '.join(s.eskalasi)}. {s.tanpa_akibat} dengan sendirinya."
    )
