"""Watches open sessions: deadlines at the gate, and sessions whose run is gone. Knows no Airflow."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from ap2t.domain.kode import JenisJejak, StatusSesi, TahapSesi
from ap2t.domain.teks import waktu_unit
from ap2t.galat import BukuMenolak, sebut_galat
from ap2t.ledger.sesi import Sesi
from ap2t.proses.layanan import Langkah, Lapor, Layanan, RunHidup
from ap2t.proses.tutup import hentikan, kedaluwarsakan


class HasilJaga(NamedTuple):
    """What one round did. ``gagal`` names the sessions that could not be looked after."""

    terbuka: int
    lewat: int
    kedaluwarsa: int
    yatim: int
    gagal: list[str]


def jaga_sesi(layanan: Layanan, run_hidup: RunHidup, lapor: Lapor) -> HasilJaga:
    """Look at every open session once. Trouble with one never keeps the others from being looked at."""
    with layanan.buku.transaksi() as tx:
        terbuka = tx.sesi.semua_terbuka()
    kejadian = Counter[str | None]()
    gagal: list[str] = []
    for sesi in terbuka:
        try:
            kejadian[_jaga_satu(layanan, sesi, run_hidup, lapor)] += 1
        except BukuMenolak as galat:  # its run moved it on meanwhile
            lapor(str(galat))
        except Exception as galat:
            gagal.append(sesi.nomor)
            lapor(f"Sesi {sesi.nomor} tidak dapat dijaga: {sebut_galat(galat)}. Yang lain tetap dijaga.")
    hasil = HasilJaga(len(terbuka), kejadian["lewat"], kejadian["kedaluwarsa"], kejadian["yatim"], gagal)
    lapor(
        f"{hasil.terbuka} sesi terbuka: {hasil.lewat} baru lewat tenggat jawab, {hasil.kedaluwarsa} kedaluwarsa, "
        f"{hasil.yatim} ditinggal run-nya, {len(gagal)} tidak dapat dijaga."
    )
    return hasil


def _jaga_satu(layanan: Layanan, sesi: Sesi, run_hidup: RunHidup, lapor: Lapor) -> str | None:
    apa = _jaga_tenggat(layanan, sesi, lapor) if sesi.tahap == TahapSesi.MENUNGGU_PERSETUJUAN else None
    if apa == "kedaluwarsa":
        return apa
    if sesi.status == StatusSesi.BERJALAN and not run_hidup(sesi.dag_id, sesi.run_id):
        hentikan(Langkah(layanan, sesi, lapor), "run sudah berhenti tanpa menutup sesi")
        return "yatim"
    return apa


def _jaga_tenggat(layanan: Layanan, sesi: Sesi, lapor: Lapor) -> str | None:
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
        tx.jejak.catat(JenisJejak.TENGGAT_LEWAT, isi, sesi_id=sesi.id)
    lapor(  # nobody is told from here: ap2t.pemberitahuan.susun derives the messages from that entry of the trail
        f"Sesi {sesi.nomor} ({sesi.tempat}) belum dijawab sampai tenggat {waktu_unit(tenggat.batas, sesi.zona_waktu)}. "
        f"Eskalasi kepada: {', '.join(sesi.eskalasi)}. {sesi.tanpa_akibat} dengan sendirinya."
    )
    return "lewat"
