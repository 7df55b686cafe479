"""Telling ACMT whom an approver sent back: ``kembalikan_verifikasi``, once for each customer and session.

The contract does not say that a second call does no harm, and it would clear a verification that was made anew. So each
call stands in the ledger, committed, before it is made, with ACMT's stamps as they were just before. After an unclear
outcome nothing is called before ACMT was looked at: the same stamps as before show that the call had no effect.

It never holds up a posting and never fails a step: what cannot be done now stays in the ledger, and the watch
(``penjaga_sesi``) comes back to it, whatever became of the session.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from ap2t.domain.teks import daftar, ribuan
from ap2t.galat import BukuTidakTerjangkau, GalatPengesahan, SumberTidakTerjangkau
from ap2t.ledger.pengembalian import Pengembalian, Stempel, kunci_pengembalian
from ap2t.ledger.sesi import Sesi
from ap2t.proses.layanan import Lapor, Layanan

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


def kembalikan(layanan: Layanan, s: Sesi, lapor: Lapor, lama: float | None = None) -> Ringkas:
    """Tell ACMT of every customer of this session that was sent back and of whom it was not told yet.

    Nothing is raised: what goes wrong is reported, and left for the next go.

    :param lama: seconds after which no further call is begun; None: ``LAMA_MAKS``.
    """
    ringkas = Ringkas()
    try:
        _semua(layanan, s, ringkas, time.monotonic() + (LAMA_MAKS if lama is None else lama))
    except Exception as e:
        ringkas.sebab.append(_sebab(e))
    _laporkan(s, ringkas, lapor)
    return ringkas


def kembalikan_sisa(layanan: Layanan, lapor: Lapor) -> dict[str, int]:
    """Tell ACMT of everybody, of any session, of whom it was not told yet; return how many were, how many remain."""
    with layanan.buku.transaksi() as tx:
        semua = [tx.sesi.ambil(i) for i in tx.pengembalian.sesi_belum()]
    selesai, akhir = 0, time.monotonic() + LAMA_PENJAGA
    for s in semua:
        if time.monotonic() >= akhir:
            lapor("Waktu putaran ini habis: pengembalian sesi lain dilanjutkan pada putaran penjaga berikutnya.")
            break
        ringkas = kembalikan(layanan, s, lapor, akhir - time.monotonic())
        selesai += len(ringkas.selesai)
        if ringkas.diam >= DIAM_MAKS:
            lapor("ACMT tidak menjawab: pengembalian sesi lain ditunda sampai putaran penjaga berikutnya.")
            break
    with layanan.buku.transaksi() as tx:
        return {"dikembalikan": selesai, "belum_dikembalikan": sum(tx.pengembalian.sesi_belum().values())}


def _semua(layanan: Layanan, s: Sesi, ringkas: Ringkas, akhir: float) -> None:
    with layanan.buku.transaksi() as tx:
        ringkas.tertunda = [p.idpel for p in tx.pengembalian.belum(s, JEDA_PASTI)]
    if not ringkas.tertunda:
        return
    with layanan.buku.sendirian(kunci_pengembalian(s)) as sendiri:
        if not sendiri:
            ringkas.sebab.append("sedang dikerjakan tugas lain")
            return
        with layanan.buku.transaksi() as tx:
            antre = tx.pengembalian.belum(s, JEDA_PASTI)
        ringkas.tertunda = [p.idpel for p in antre]
        if not all(map(_dapat_dipastikan, antre)):
            ringkas.sebab.append("hasil panggilan sebelumnya belum pasti, dilihat lagi sebentar kemudian")
        for p in filter(_dapat_dipastikan, antre):
            if time.monotonic() >= akhir:
                ringkas.sebab.append("ACMT lambat, sisanya menyusul")
                return
            try:
                status, cara = _satu(layanan, s, p)
            except Exception as e:
                ringkas.sebab.append(_sebab(e))
                ringkas.diam += isinstance(e, SumberTidakTerjangkau | BukuTidakTerjangkau)
                if ringkas.diam >= DIAM_MAKS or len(ringkas.sebab) >= GAGAL_MAKS:
                    return
                continue
            ringkas.tertunda.remove(p.idpel)
            if status == "GAGAL":
                ringkas.gagal[p.idpel] = cara
            else:
                ringkas.selesai.append(p.idpel)


def _dapat_dipastikan(p: Pengembalian) -> bool:
    """Whether looking at ACMT tells what became of it: no call is under way any more."""
    return p.matang or not p.ragu


def _satu(layanan: Layanan, s: Sesi, p: Pengembalian) -> tuple[str, str]:
    """Bring one customer to its end and return (status, cara)."""
    sumber = layanan.sumber
    if not sumber.dapat_mengembalikan:
        return _selesai(layanan, s, p, "GAGAL", "TANPA_FUNGSI")
    kini = sumber.stempel(p.idpel, s.thblrek)
    if p.ragu and (akhir := _terlihat(p.stempel, kini)):
        return _selesai(layanan, s, p, *akhir)
    terkirim = layanan.buku.ulang(lambda tx: tx.pengembalian.kirim(s, p, kini))
    try:
        ada = sumber.kembalikan_verifikasi(p.idpel, s.thblrek, p.alasan, p.oleh)
    except GalatPengesahan as e:
        if e.pasti_batal:
            layanan.buku.ulang(lambda tx: tx.pengembalian.tanpa_akibat(s, terkirim))
        raise
    return _selesai(layanan, s, terkirim, *(("SELESAI", "DIPANGGIL") if ada else ("GAGAL", "TIDAK_ADA")))


def _terlihat(dulu: Stempel | None, kini: Stempel | None) -> tuple[str, str] | None:
    """Say what ACMT shows of a call whose answer was lost; None: it had no effect.

    Where the call had nothing to clear, what it asks for holds either way. It clears all stamps at once, so that it did
    nothing as long as one stands as it was and none is gone: somebody only sent the reading once more.

    :param dulu: ACMT's stamps just before the call.
    """
    if kini is None:
        return "GAGAL", "TIDAK_ADA"
    if not any(kini.values()):
        return "SELESAI", "TERLIHAT"
    dulu = {k: v for k, v in (dulu or {}).items() if v is not None and k.endswith("_pada")}
    if all(kini.get(k) for k in dulu) and any(kini.get(k) == v for k, v in dulu.items()):
        return None
    return "SELESAI", "BERGANTI"


def _selesai(layanan: Layanan, s: Sesi, p: Pengembalian, status: str, cara: str) -> tuple[str, str]:
    layanan.buku.ulang(lambda tx: tx.pengembalian.selesai(s, p, status, cara))
    return status, cara


def _sebab(e: Exception) -> str:
    return str(e) if isinstance(e, GalatPengesahan) else type(e).__name__  # other words may quote anything


_GAGAL = {
    "TIDAK_ADA": "bacaannya tidak ada lagi di ACMT; periksa di sana",
    "TANPA_FUNGSI": "jenis basis data ACMT ini tidak punya panggilannya; kembalikan langsung di aplikasi ACMT",
}


def _laporkan(s: Sesi, r: Ringkas, lapor: Lapor) -> None:
    if r.selesai:
        lapor(
            f"Dikembalikan ke ACMT ({s.nomor}): verifikasi dan pengiriman {ribuan(len(r.selesai))} pelanggan dihapus: "
            f"{daftar(r.selesai, 20)}."
        )
    for cara, kata in _GAGAL.items():
        idpel = [i for i, c in r.gagal.items() if c == cara]
        if idpel:
            lapor(
                f"PERHATIAN: {ribuan(len(idpel))} pelanggan sesi {s.nomor} tidak dapat dikembalikan, {kata}: "
                f"{daftar(idpel, 20)}."
            )
    if r.tertunda or r.sebab:
        lapor(
            f"PERHATIAN: {ribuan(len(r.tertunda))} pelanggan sesi {s.nomor} belum dikembalikan di ACMT: "
            f"{daftar(r.tertunda, 20)} ({'; '.join(dict.fromkeys(r.sebab))}). Tidak diposting; penjaga_sesi "
            "mencobanya lagi."
        )
