"""Telling ACMT whom an approver sent back: ``kembalikan_verifikasi``, once for each customer and session.

A second call may do harm: it would clear a verification that was made anew. So each call is committed to the ledger
before it is made, with ACMT's stamps as they were just before. After an unclear outcome ACMT is looked at first: the
same stamps show that the call had no effect.

It never holds up a posting and never fails a step. What cannot be done now stays in the ledger, and the watch
(``penjaga_sesi``) comes back to it, whatever became of the session.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ap2t import jam
from ap2t.domain.kata import KATA_CARA
from ap2t.domain.kode import CaraPengembalian, StatusPengembalian
from ap2t.domain.teks import daftar, ribuan
from ap2t.galat import BukuTidakTerjangkau, GalatPengesahan, SumberTidakTerjangkau, sebut_galat
from ap2t.ledger.pengembalian import Pengembalian, Stempel, kunci_pengembalian
from ap2t.proses.layanan import Langkah, Lapor, Layanan

JEDA_PASTI = 30.0
"""Seconds after which a call has surely ended (ACMT's own limit on it is 20), so that looking tells what it did."""
GAGAL_MAKS = 5
"""Calls that fail in one go before ACMT is left alone until the next one."""
DIAM_MAKS = 2
"""As ``GAGAL_MAKS``, where ACMT does not answer: once may be one reading that somebody holds."""
LAMA_MAKS = 60.0
"""Seconds after which a go of a step begins no further call: a slow ACMT must not hold up what follows the posting."""
LAMA_PENJAGA = 120.0
"""As ``LAMA_MAKS``, for all sessions in one round of the watch, which Airflow ends after four minutes."""


@dataclass
class Ringkas:
    """What one go did: customers ACMT was told of, those it cannot be told of, and those left for the next go."""

    selesai: list[str] = field(default_factory=list)
    gagal: dict[str, str] = field(default_factory=dict)
    tertunda: list[str] = field(default_factory=list)
    sebab: list[str] = field(default_factory=list)
    diam: int = 0
    """How often ACMT or the ledger did not answer."""


def kembalikan(langkah: Langkah, lama: float | None = None) -> Ringkas:
    """Tell ACMT of every customer of this session that was sent back and of whom it was not told yet.

    Nothing is raised: what goes wrong is reported, and left for the next go.

    :param lama: seconds after which no further call is begun; None: ``LAMA_MAKS``.
    """
    ringkas = Ringkas()
    try:
        _kembalikan_semua(langkah, ringkas, jam.monoton() + (LAMA_MAKS if lama is None else lama))
    except Exception as galat:
        ringkas.sebab.append(sebut_galat(galat))
    _laporkan(langkah, ringkas)
    return ringkas


def kembalikan_sisa(layanan: Layanan, lapor: Lapor) -> dict[str, int]:
    """Tell ACMT of everybody, of any session, of whom it was not told yet. Return how many were, how many remain."""
    with layanan.buku.transaksi() as tx:
        semua = [tx.sesi.ambil(sesi_id) for sesi_id in tx.pengembalian.sesi_belum()]
    selesai, akhir = 0, jam.monoton() + LAMA_PENJAGA
    for sesi in semua:
        if jam.monoton() >= akhir:
            lapor("Waktu putaran ini habis: pengembalian sesi lain dilanjutkan pada putaran penjaga berikutnya.")
            break
        ringkas = kembalikan(Langkah(layanan, sesi, lapor), akhir - jam.monoton())
        selesai += len(ringkas.selesai)
        if ringkas.diam >= DIAM_MAKS:
            lapor("ACMT tidak menjawab: pengembalian sesi lain ditunda sampai putaran penjaga berikutnya.")
            break
    with layanan.buku.transaksi() as tx:
        return {"dikembalikan": selesai, "belum_dikembalikan": sum(tx.pengembalian.sesi_belum().values())}


def _kembalikan_semua(langkah: Langkah, ringkas: Ringkas, akhir: float) -> None:
    if not _antre(langkah, ringkas):
        return
    with langkah.buku.sendirian(kunci_pengembalian(langkah.sesi)) as sendiri:
        if not sendiri:
            ringkas.sebab.append("sedang dikerjakan tugas lain")
            return
        antre = _antre(langkah, ringkas)
        if not all(map(_dapat_dipastikan, antre)):
            ringkas.sebab.append("hasil panggilan sebelumnya belum pasti, dilihat lagi sebentar kemudian")
        for pengembalian in filter(_dapat_dipastikan, antre):
            if jam.monoton() >= akhir:
                ringkas.sebab.append("ACMT lambat, sisanya menyusul")
                return
            try:
                status, cara = _kembalikan_pelanggan(langkah, pengembalian)
            except Exception as galat:
                ringkas.sebab.append(sebut_galat(galat))
                ringkas.diam += isinstance(galat, SumberTidakTerjangkau | BukuTidakTerjangkau)
                if ringkas.diam >= DIAM_MAKS or len(ringkas.sebab) >= GAGAL_MAKS:
                    return
                continue
            ringkas.tertunda.remove(pengembalian.idpel)
            if status == StatusPengembalian.GAGAL:
                ringkas.gagal[pengembalian.idpel] = cara
            else:
                ringkas.selesai.append(pengembalian.idpel)


def _antre(langkah: Langkah, ringkas: Ringkas) -> list[Pengembalian]:
    with langkah.buku.transaksi() as tx:
        antre = tx.semua_baris(Pengembalian, "pengembalian_belum", sesi_id=langkah.sesi.id, jeda=JEDA_PASTI)
    ringkas.tertunda = [pengembalian.idpel for pengembalian in antre]
    return antre


def _dapat_dipastikan(pengembalian: Pengembalian) -> bool:
    """Whether looking at ACMT tells what became of it: no call is under way any more."""
    return pengembalian.matang or not pengembalian.ragu


def _kembalikan_pelanggan(langkah: Langkah, pengembalian: Pengembalian) -> tuple[str, str]:
    """Bring one customer to its end. Return status and cara."""
    sesi, sumber = langkah.sesi, langkah.layanan.sumber
    if not sumber.dapat_mengembalikan:
        return _selesai(langkah, pengembalian, StatusPengembalian.GAGAL, CaraPengembalian.TANPA_FUNGSI)
    kini = sumber.stempel(pengembalian.idpel, sesi.thblrek)
    if pengembalian.ragu and (akhir := _terlihat(pengembalian.stempel, kini)):
        return _selesai(langkah, pengembalian, *akhir)
    terkirim = langkah.buku.ulang(lambda tx: tx.pengembalian.catat_panggilan(sesi, pengembalian, kini))
    try:
        ada = sumber.kembalikan_verifikasi(pengembalian.idpel, sesi.thblrek, pengembalian.alasan, pengembalian.oleh)
    except GalatPengesahan as galat:
        if galat.pasti_batal:
            langkah.buku.ulang(lambda tx: tx.pengembalian.tanpa_akibat(sesi, terkirim))
        raise
    if ada:
        return _selesai(langkah, terkirim, StatusPengembalian.SELESAI, CaraPengembalian.DIPANGGIL)
    return _selesai(langkah, terkirim, StatusPengembalian.GAGAL, CaraPengembalian.TIDAK_ADA)


def _terlihat(dulu: Stempel | None, kini: Stempel | None) -> tuple[str, str] | None:
    """Say what ACMT shows of a call whose answer was lost. None: it had no effect.

    Where the call had nothing to clear, what it asks for holds either way. It clears all stamps at once. So it did
    nothing as long as one stands as it was and none is gone: somebody only sent the reading once more.

    :param dulu: ACMT's stamps just before the call.
    """
    if kini is None:
        return StatusPengembalian.GAGAL, CaraPengembalian.TIDAK_ADA
    if not any(kini.values()):
        return StatusPengembalian.SELESAI, CaraPengembalian.TERLIHAT
    dulu = {kunci: nilai for kunci, nilai in (dulu or {}).items() if nilai is not None and kunci.endswith("_pada")}
    if all(kini.get(kunci) for kunci in dulu) and any(kini.get(kunci) == nilai for kunci, nilai in dulu.items()):
        return None
    return StatusPengembalian.SELESAI, CaraPengembalian.BERGANTI


def _selesai(langkah: Langkah, pengembalian: Pengembalian, status: str, cara: str) -> tuple[str, str]:
    langkah.buku.ulang(lambda tx: tx.pengembalian.selesai(langkah.sesi, pengembalian, status, cara))
    return status, cara


def _laporkan(langkah: Langkah, ringkas: Ringkas) -> None:
    sesi, lapor = langkah.sesi, langkah.lapor
    if ringkas.selesai:
        lapor(
            f"Dikembalikan ke ACMT ({sesi.nomor}): verifikasi dan pengiriman {ribuan(len(ringkas.selesai))} pelanggan "
            f"dihapus: {daftar(ringkas.selesai, 20)}."
        )
    for cara in (CaraPengembalian.TIDAK_ADA, CaraPengembalian.TANPA_FUNGSI):
        idpel = [idpel for idpel, kode in ringkas.gagal.items() if kode == cara]
        if idpel:
            lapor(
                f"PERHATIAN: {ribuan(len(idpel))} pelanggan sesi {sesi.nomor} tidak dapat dikembalikan, "
                f"{KATA_CARA[cara]}: {daftar(idpel, 20)}."
            )
    if ringkas.tertunda or ringkas.sebab:
        lapor(
            f"PERHATIAN: {ribuan(len(ringkas.tertunda))} pelanggan sesi {sesi.nomor} belum dikembalikan di ACMT: "
            f"{daftar(ringkas.tertunda, 20)} ({'; '.join(dict.fromkeys(ringkas.sebab))}). Tidak diposting; "
            "penjaga_sesi mencobanya lagi."
        )
