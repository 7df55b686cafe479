"""The watch over open sessions: deadlines at the gate, and sessions whose run is gone. Knows no Airflow."""

from __future__ import annotations

from typing import NamedTuple

from ap2t.domain.teks import waktu_unit
from ap2t.galat import BukuMenolak, GalatPengesahan
from ap2t.ledger.persetujuan import Tenggat
from ap2t.ledger.sesi import Sesi
from ap2t.proses.layanan import Langkah, Lapor, Layanan, RunHidup
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
    for sesi in terbuka:
        try:
            apa = _jaga_satu(layanan, sesi, run_hidup, lapor)
        except BukuMenolak as galat:  # its run moved it on meanwhile
            lapor(str(galat))
        except Exception as galat:
            gagal.append(sesi.nomor)
            sebab = (
                str(galat) if isinstance(galat, GalatPengesahan) else type(galat).__name__
            )  # other words may quote anything
            lapor(f"Sesi {sesi.nomor} tidak dapat dijaga: {sebab}. Yang lain tetap dijaga.")
        else:
            if apa:
                kejadian[apa] += 1
    laporan = Laporan(len(terbuka), **kejadian, gagal=gagal)
    lapor(
        f"{laporan.terbuka} sesi terbuka: {laporan.lewat} baru lewat tenggat jawab, {laporan.kedaluwarsa} kedaluwarsa, "
        f"{laporan.yatim} ditinggal run-nya, {len(gagal)} tidak dapat dijaga."
    )
    return laporan


def _jaga_satu(layanan: Layanan, sesi: Sesi, run_hidup: RunHidup, lapor: Lapor) -> str | None:
    if sesi.tahap == "MENUNGGU_PERSETUJUAN":
        apa = _tenggat(layanan, sesi, lapor)
        if apa == "kedaluwarsa":
            return apa
    else:
        apa = None
    if sesi.status == "BERJALAN" and not run_hidup(sesi.dag_id, sesi.run_id):
        hentikan(Langkah(layanan, sesi, lapor), "run sudah berhenti tanpa menutup sesi")
        return "yatim"
    return apa


def _tenggat(layanan: Layanan, sesi: Sesi, lapor: Lapor) -> str | None:
    with layanan.buku.transaksi() as tx:
        tenggat = tx.persetujuan.tenggat(sesi)
    if tenggat is None:
        return None
    if tenggat.lewat_tutup:
        kedaluwarsakan(Langkah(layanan, sesi, lapor), tenggat)
        return "kedaluwarsa"
    if not tenggat.lewat_batas or tenggat.diberitahukan or tenggat.tiba:
        return None
    isi = {"urutan": tenggat.urutan, "sejak": tenggat.sejak, "batas": tenggat.batas, "eskalasi": sesi.eskalasi}
    with layanan.buku.transaksi() as tx:
        tx.jejak.catat("TENGGAT_LEWAT", isi, sesi_id=sesi.id)
    beri_tahu_eskalasi(sesi, tenggat, lapor)
    return "lewat"


def beri_tahu_eskalasi(sesi: Sesi, tenggat: Tenggat, lapor: Lapor) -> None:
    """Say in the log that a deadline has passed, and to whom it goes.

    Nothing is sent from here: :mod:`ap2t.pemberitahuan.susun` derives the messages from the trail's TENGGAT_LEWAT.
    """
    lapor(
        f"Sesi {sesi.nomor} ({sesi.tempat}) belum dijawab sampai tenggat {waktu_unit(tenggat.batas, sesi.zona_waktu)}. "
        f"Eskalasi kepada: {', '.join(sesi.eskalasi)}. {sesi.tanpa_akibat} dengan sendirinya."
    )
