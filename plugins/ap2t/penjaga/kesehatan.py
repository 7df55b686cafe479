"""Looks each round of the watch whether ACMT, the ledger and AP2T answer, and tells what changed.

A look never raises and never takes longer than ``BATAS``: a system that hangs is away too.
"""

from __future__ import annotations

import threading
from datetime import datetime
from time import perf_counter

from ap2t import jam, metrik
from ap2t.domain.kode import JenisJejak
from ap2t.galat import GalatPengesahan
from ap2t.ledger.buku import Transaksi
from ap2t.proses.layanan import Lapor, Layanan

BATAS = 20.0
"""Seconds for all looks of a round together."""
HILANG, KEMBALI = JenisJejak.LAYANAN_TIDAK_MENJAWAB, JenisJejak.LAYANAN_MENJAWAB_LAGI
"""Entries of the trail: one when a system is first found away, one when it is back."""
LAYANAN = ("ACMT", "BUKU", "AP2T")


def lihat_kesehatan(layanan: Layanan, lapor: Lapor) -> dict[str, bool]:
    """Look at each system once, side by side, and tell what is away and what came back.

    The trail gets an entry when a system is first seen away and one when it is back. Between, each round says in one
    line since when. Metrics: ``kesehatan.<system>`` 1 or 0, and ``kesehatan.lama.<system>`` where it answered.

    :return: by system, whether it answers.
    """
    sebab = _lihat_semua()
    for apa, galat in sebab.items():
        metrik.nilai(f"kesehatan.{apa.lower()}", 0 if galat else 1)
    try:
        if sebab["BUKU"]:  # what was told before stands in the ledger itself
            kabar = [f"{apa} tidak menjawab: {galat}" for apa, galat in sebab.items() if galat]
        else:
            kabar = layanan.buku.ulang(lambda tx: _catat_perubahan(tx, sebab, jam.sekarang()))
    except GalatPengesahan as kegagalan:
        kabar = [f"Kesehatan layanan tidak tercatat dalam jejak: {kegagalan}"]
    for kalimat in kabar:
        lapor(kalimat)
    return {apa: not galat for apa, galat in sebab.items()}


def _catat_perubahan(tx: Transaksi, sebab: dict[str, str | None], sekarang: datetime) -> list[str]:
    """Write down what changed since the last entry about each system, and return a line for each not as usual."""
    sejak = {baris.layanan: baris.pada for baris in tx.jalankan("layanan_terakhir") if baris.jenis == HILANG}
    kabar = []
    for apa, galat in sebab.items():
        if galat and apa in sejak:
            menit = int((sekarang - sejak[apa]).total_seconds() // 60)
            kabar.append(f"{apa} tidak menjawab sejak {menit} menit: {galat}")
        elif galat:
            tx.jejak.catat(HILANG, {"layanan": apa})
            kabar.append(f"{apa} tidak menjawab: {galat}")
        elif apa in sejak:
            tx.jejak.catat(KEMBALI, {"layanan": apa, "sejak": sejak[apa]})
            kabar.append(f"{apa} menjawab lagi.")
    return kabar


def _lihat_semua() -> dict[str, str | None]:
    """Return for each system why it does not answer, or None where it does."""
    sebab: dict[str, str | None] = dict.fromkeys(LAYANAN, f"tidak ada jawaban dalam {BATAS:g} detik.")

    def lihat_layanan(apa: str) -> None:
        awal = perf_counter()
        try:
            with Layanan(koneksi_maks=1) as layanan:
                if apa == "ACMT":
                    layanan.sumber.periksa_kontrak()
                elif apa == "AP2T":
                    layanan.ap2t_baca().sehat()
                else:
                    with layanan.buku.transaksi() as tx:
                        tx.jalankan("hidup")
        except GalatPengesahan as galat:
            sebab[apa] = str(galat)
        except Exception as galat:  # other words may quote anything
            sebab[apa] = f"{type(galat).__name__}."
        else:
            metrik.lama(f"kesehatan.lama.{apa.lower()}", perf_counter() - awal)
            sebab[apa] = None

    # daemons: one that hangs keeps neither the round nor the process
    semua = [
        threading.Thread(target=lihat_layanan, args=(apa,), daemon=True, name=f"kesehatan-{apa}") for apa in LAYANAN
    ]
    for thread in semua:
        thread.start()
    akhir = jam.monoton() + BATAS
    for thread in semua:
        thread.join(max(0.0, akhir - jam.monoton()))
    return dict(sebab)
