"""The first step of a cancellation: what can be cancelled by AP2T's own list, and how that is shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from ap2t.domain.kata import KATA_HASIL_BATAL, kata_batal
from ap2t.domain.kode import HasilBatal, JenisJejak, SebabBatal, TahapSesi
from ap2t.domain.model import Tempat
from ap2t.domain.teks import daftar, ribuan, sebaris, tabel, tanpa_markah
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.luar import DiAp2t, Posisi
from ap2t.ledger.pembatalan import SEMUA, BarisPembatalan, PermintaanBatal
from ap2t.ledger.sesi import Sesi
from ap2t.proses.cuplik import menurut_ap2t
from ap2t.proses.layanan import Langkah, Layanan
from ap2t.proses.rekap import bagian_kode, tabel_jumlah

NOMOR_MAKS = 64
"""Longest number of an approval that AP2T can be told, by the contract."""
ANGKA = re.compile(r"[0-9]{1,12}([.][0-9]{1,6})?")
"""A number as the contract writes one. A kWh that AP2T shows otherwise is left out, and stops nobody."""


class _DiAp2t:
    """AP2T's list of the kelompok, read once: what stands at 1 or 3, the kWh of those of them that show it.

    ``nol``: which of those asked for stand at 0. ``belum``: how many of the kelompok do.
    """

    def __init__(self, layanan: Layanan, tempat: Tempat, diminta: set[str]) -> None:
        self.posting: dict[str, DiAp2t] = {}
        self.kwh: dict[str, Decimal] = {}
        self.nol: set[str] = set()
        self.belum = 0
        for baris in layanan.ap2t_baca().daftar(*tempat):
            if baris.kodeposting:
                self.posting[baris.idpel] = menurut_ap2t(baris)
                if baris.pemkwh and ANGKA.fullmatch(baris.pemkwh):
                    self.kwh[baris.idpel] = Decimal(baris.pemkwh)
            else:
                self.belum += 1
                self.nol |= {baris.idpel} & diminta


def susun_pembatalan(langkah: Langkah) -> None:
    """Write snapshot, rekap and digest of a cancellation. What a gate has shown is kept.

    AP2T's list decides. Customers at posting 1 may be cancelled, whoever posted them. The others are named, each with
    why not, and keep nobody from going. Cakupan ``semua``: all that stand at 1 or 3.
    """
    sesi = langkah.sesi
    if sesi.sudah(TahapSesi.MENUNGGU_PERSETUJUAN):
        langkah.lapor("Yang dibatalkan sudah pernah ditunjukkan kepada pengesah dan dibekukan; dipakai apa adanya.")
        return
    with langkah.buku.transaksi() as tx:
        isi = tx.pembatalan.ambil(sesi)
    di_ap2t = _DiAp2t(langkah.layanan, sesi.tempat, set(isi.diminta))
    with langkah.buku.transaksi() as tx:
        tx.cuplikan.hapus(sesi)
        semua = _susun_baris(tx, sesi.tempat, di_ap2t, isi.diminta)
        tidak = _menurut_sebab(semua)
        tx.pembatalan.tulis(sesi, semua)
        tx.sesi.ke_tahap(sesi, TahapSesi.CUPLIKAN)
        sesi = tx.sesi.ke_tahap(sesi, TahapSesi.TERSARING)
        angka = tx.pembatalan.angka(sesi)
        sidik = tx.cuplikan.sidik(sesi)
        sesi = tx.sesi.isi(sesi, sidik, angka)
        # the trail only from here on: until the commit its head keeps every other session waiting
        luar_sistem = tx.luar.catat_beda(sesi, di_ap2t.posting)
        isi_cuplikan = {"jumlah": len(semua), "belum_posting": di_ap2t.belum, "diluar_sistem": luar_sistem}
        tx.jejak.catat(JenisJejak.CUPLIKAN_DIAMBIL, isi_cuplikan, sesi_id=sesi.id)
        hasil = {kata: angka["hasil"][kata] for kata in ("lolos", "ditahan")}
        sebab = {kode: len(idpel) for kode, idpel in tidak.items()}
        tx.jejak.catat(JenisJejak.DISARING, {**hasil, "sebab": sebab}, sesi_id=sesi.id)
        for kode, idpel in sorted(tidak.items()):
            tx.jejak.catat_daftar(JenisJejak.TIDAK_DAPAT_DIBATALKAN, {"sebab": kode}, "idpel", idpel, sesi_id=sesi.id)
        tx.jejak.catat(JenisJejak.REKAP, {"sidik": sidik, "rekap": angka}, sesi_id=sesi.id)
    langkah.sesi = sesi
    _laporkan(langkah, angka, luar_sistem, tidak)


def _susun_baris(tx: Transaksi, tempat: Tempat, di_ap2t: _DiAp2t, diminta: Sequence[str]) -> list[BarisPembatalan]:
    """Return the snapshot's rows: what would be cancelled, and what not."""
    asal = {(baris.idpel, baris.nomor): baris.id for baris in tx.jalankan("pembatalan_asal", **tempat._asdict())}
    posisi = tx.luar.posisi(tempat)
    semua = diminta or sorted(di_ap2t.posting)
    asing = [idpel for idpel in semua if idpel not in di_ap2t.posting and idpel not in di_ap2t.nol]
    # as far as this ledger knows
    kelompok_lain = set(tx.jalankan("pembatalan_kelompok_lain", **tempat._asdict(), idpel=asing).scalars())

    def susun(idpel: str) -> BarisPembatalan:
        if idpel in di_ap2t.posting:
            return _terposting(idpel, di_ap2t, asal, posisi)
        if idpel in di_ap2t.nol:
            return BarisPembatalan(idpel, 0, sebab=SebabBatal.BELUM_POSTING)
        return BarisPembatalan(
            idpel, None, sebab=SebabBatal.KELOMPOK_LAIN if idpel in kelompok_lain else SebabBatal.IDPEL_TIDAK_DIKENAL
        )

    return [susun(idpel) for idpel in semua]


def _menurut_sebab(semua: list[BarisPembatalan]) -> dict[str, list[str]]:
    tidak: dict[str, list[str]] = {}
    for baris in semua:
        if baris.sebab is not None:
            tidak.setdefault(baris.sebab, []).append(baris.idpel)
    return tidak


def _terposting(
    idpel: str, di_ap2t: _DiAp2t, asal: dict[tuple[str, str], int], posisi: dict[str, Posisi]
) -> BarisPembatalan:
    ada = di_ap2t.posting[idpel]
    nomor = ada.no_pengesahan
    if nomor is None and idpel in posisi:  # optional in the contract: our own record says which it was
        nomor = posisi[idpel].nomor
    sebab: str | None = None
    if ada.kodeposting != 1:
        sebab = SebabBatal.SUDAH_SUPLAI_STAN
    elif not nomor or len(nomor) > NOMOR_MAKS:
        sebab = SebabBatal.TANPA_NOMOR
    milik, kwh = asal.get((idpel, nomor or "")), di_ap2t.kwh.get(idpel)
    return BarisPembatalan(idpel, ada.kodeposting, nomor, milik, kwh, ada.oleh, ada.waktu, sebab)


CONTOH = 20
"""Customers that a preview names for each reason."""


class PutaranBatal(NamedTuple):
    """An approval that would be undone, and of how many customers. Without number and round: posted by others."""

    nomor: str | None
    putaran: int | None
    jumlah: int


class Pratinjau(NamedTuple):
    """What a cancellation would do now. ``kwh``: of those that may go and whose kWh AP2T shows."""

    jumlah: int
    kwh: Decimal
    tanpa_kwh: int
    putaran: list[PutaranBatal]
    tidak: dict[str, list[str]]
    belum: int


def pratinjau(layanan: Layanan, tempat: Tempat, diminta: Sequence[str]) -> Pratinjau:
    """Look at what a cancellation would do, as its first step will decide it, and write nothing.

    :param diminta: the idpel named; none: all of the kelompok that are approved.
    :raises GalatAp2t: AP2T does not answer.
    """
    di_ap2t = _DiAp2t(layanan, tempat, set(diminta))
    with layanan.buku.transaksi() as tx:
        semua = _susun_baris(tx, tempat, di_ap2t, diminta)
        boleh = [baris for baris in semua if baris.sebab is None]
        per_asal = Counter(baris.asal or 0 for baris in boleh)  # no session has the id 0
        putaran = []
        for asal, jumlah in sorted(per_asal.items()):
            dari = tx.sesi.ambil(asal) if asal else None
            putaran.append(PutaranBatal(dari and dari.nomor, dari and dari.putaran, jumlah))
    kwh = [baris.kwh for baris in boleh if baris.kwh is not None]
    tanpa_kwh = len(boleh) - len(kwh)
    return Pratinjau(len(boleh), sum(kwh, Decimal(0)), tanpa_kwh, putaran, _menurut_sebab(semua), di_ap2t.belum)


def _laporkan(langkah: Langkah, angka: dict[str, Any], luar_sistem: int, tidak: dict[str, list[str]]) -> None:
    hasil, lapor = angka["hasil"], langkah.lapor
    lapor(
        f"{ribuan(hasil['lolos'])} pelanggan dapat dibatalkan, {ribuan(hasil['ditahan'])} tidak"
        + (f"; {ribuan(luar_sistem)} berubah di AP2T di luar sistem ini" if luar_sistem else "")
        + f"; sidik {(langkah.sesi.sidik or '')[:12]}."
    )
    for asal in angka["putaran"]:
        dari = f"{asal['nomor']} (putaran {asal['putaran']})" if asal["nomor"] else "di luar sistem ini"
        lapor(f"Dari pengesahan {dari}: {ribuan(asal['jumlah'])} pelanggan.")
    for sebab, idpel in sorted(tidak.items()):
        for baris in sebaris(idpel):
            lapor(f"{sebab} ({kata_batal(sebab)}): {ribuan(len(idpel))} pelanggan: {baris}.")


def teks_pembatalan(sesi: Sesi, isi: PermintaanBatal) -> str:
    """Write what would be cancelled in Markdown for the gate: counts only. The page tells which customers.

    No kWh: these customers stood in the sum of another gate. Where all but one do so again, the difference of the two
    sums is that one's kWh (invariant 7).
    """
    angka = sesi.rekap or {}
    hasil = angka["hasil"]
    asal = []
    for dari in angka["putaran"]:
        nama = [f"`{dari['nomor']}`", str(dari["putaran"])] if dari["nomor"] else ["di luar sistem ini", "-"]
        asal.append([*nama, ribuan(dari["jumlah"])])
    tidak = [(kata_batal(alasan["kode"]), alasan["jumlah"]) for alasan in angka["alasan"]]
    cakupan = "semua yang sudah disahkan" if isi.cakupan == SEMUA else f"{ribuan(len(isi.diminta))} idpel"
    bagian = [
        f"### Pembatalan pengesahan {sesi.nama_unit or ''} ({sesi.unitup}), bulan {sesi.thblrek}, "
        f"kelompok {sesi.hari_baca}",
        f"**Alasan:** {tanpa_markah(isi.alasan)}",
        tabel_jumlah([("**Akan dibatalkan**", hasil["lolos"]), (KATA_HASIL_BATAL[HasilBatal.TIDAK], hasil["ditahan"])]),
        "**Pengesahan yang dibatalkan**\n\n" + tabel(["Sesi", "Putaran", "Pelanggan"], asal),
        bagian_kode("Tidak dapat dibatalkan, karena", tidak),
        f"Yang dibatalkan kembali *belum disahkan* dan dapat disahkan lagi pada putaran berikut. Cakupan: {cakupan}. "
        f"Sesi `{sesi.nomor}`, sidik `{(sesi.sidik or '')[:16]}`.",
    ]
    return "\n\n".join(filter(None, bagian))


def kalimat_nihil(sesi: Sesi) -> str:
    """Say why nothing was asked and nothing was cancelled."""
    sebab = "; ".join(
        f"{ribuan(alasan['jumlah'])} {kata_batal(alasan['kode'])} ({daftar(alasan['contoh'], 5)})"
        for alasan in (sesi.rekap or {})["alasan"]
    )
    return (
        f"Tidak ada yang dapat dibatalkan untuk {sesi.tempat}: {sebab or 'belum ada pelanggan yang sudah disahkan'}. "
        "Tidak ada yang dikirim ke AP2T."
    )
