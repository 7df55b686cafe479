"""The first step of a cancellation: what can be cancelled, by AP2T's own list, with its digest; and how it is shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from ap2t.domain.kata import KATA_HASIL_BATAL, kata_batal
from ap2t.domain.kode import HasilBatal
from ap2t.domain.model import Tempat
from ap2t.domain.teks import daftar, ribuan, sebaris, tanpa_markah
from ap2t.hooks.kontrak import BarisAp2t
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.luar import DiAp2t, Posisi
from ap2t.ledger.pembatalan import SEMUA, BarisPembatalan, PermintaanBatal
from ap2t.ledger.sesi import Sesi
from ap2t.proses.layanan import Lapor, Layanan
from ap2t.proses.rekap import tabel

NOMOR_MAKS = 64
"""Longest number of an approval that AP2T can be told, by the contract."""
ANGKA = re.compile(r"[0-9]{1,12}([.][0-9]{1,6})?")
"""A number as the contract writes one; what AP2T shows otherwise of a customer's kWh is left out, and stops nobody."""


class _DiAp2t:
    """AP2T's list of the kelompok, read once: what stands at 1 or 3, and which of those asked for stand at 0."""

    def __init__(self, layanan: Layanan, tempat: Tempat, diminta: set[str]) -> None:
        self.posting: dict[str, DiAp2t] = {}
        self.kwh: dict[str, Decimal] = {}
        self.nol: set[str] = set()
        self.belum = 0
        for di_ap2t in layanan.ap2t_baca().daftar(tempat.unitup, tempat.thblrek, tempat.hari_baca):
            if di_ap2t.kodeposting:
                self._terposting(di_ap2t)
                continue
            self.belum += 1
            if di_ap2t.idpel in diminta:
                self.nol.add(di_ap2t.idpel)

    def _terposting(self, di_ap2t: BarisAp2t) -> None:
        self.posting[di_ap2t.idpel] = DiAp2t(di_ap2t.kodeposting, di_ap2t.no_pengesahan, di_ap2t.oleh, di_ap2t.waktu)
        if ANGKA.fullmatch(di_ap2t.pemkwh or ""):
            self.kwh[di_ap2t.idpel] = Decimal(di_ap2t.pemkwh or "")


def susun_pembatalan(layanan: Layanan, sesi: Sesi, lapor: Lapor) -> Sesi:
    """Write snapshot, rekap and digest of a cancellation; what a gate has shown is kept.

    AP2T's list decides. Customers at posting 1 may be cancelled, whoever posted them; the others are named, each with
    why not, and keep nobody from going. Cakupan ``semua``: all that stand at 1 or 3.
    """
    if sesi.sudah("MENUNGGU_PERSETUJUAN"):
        lapor("Yang dibatalkan sudah pernah ditunjukkan kepada pengesah dan dibekukan; dipakai apa adanya.")
        return sesi
    with layanan.buku.transaksi() as tx:
        isi = tx.pembatalan.ambil(sesi)
    di_ap2t = _DiAp2t(layanan, sesi.tempat, set(isi.diminta))
    tidak: dict[str, list[str]] = {}
    with layanan.buku.transaksi() as tx:
        tx.cuplikan.hapus(sesi)
        jumlah = tx.pembatalan.tulis(sesi, _baris(tx, sesi.tempat, di_ap2t, isi.diminta, tidak))
        tx.sesi.ke_tahap(sesi, "CUPLIKAN")
        sesi = tx.sesi.ke_tahap(sesi, "TERSARING")
        angka = tx.pembatalan.angka(sesi)
        sidik = tx.cuplikan.sidik(sesi)
        sesi = tx.sesi.isi(sesi, sidik, angka)
        # the trail only from here on: until the commit its head keeps every other session waiting
        luar_sistem = tx.luar.catat_beda(sesi, di_ap2t.posting)
        _catat_jejak(sesi, tx, jumlah, luar_sistem, di_ap2t.belum, angka, tidak)
        tx.jejak.catat("REKAP", {"sidik": sidik, "rekap": angka}, sesi_id=sesi.id)
    _laporkan(sesi, angka, luar_sistem, tidak, lapor)
    return sesi


def _baris(
    tx: Transaksi, tempat: Tempat, di_ap2t: _DiAp2t, diminta: Sequence[str], tidak: dict[str, list[str]]
) -> Iterator[BarisPembatalan]:
    """Yield what would be cancelled, and what not; ``tidak`` gathers the latter by reason."""
    baris = _Penyusun(di_ap2t, tx.pembatalan.asal(tempat), tx.luar.posisi(tempat), tidak)
    idpel = list(diminta) or sorted(di_ap2t.posting)
    asing = [idpel for idpel in idpel if idpel not in di_ap2t.posting and idpel not in di_ap2t.nol]
    return baris.susun(idpel, tx.pembatalan.kelompok_lain(tempat, asing))


CONTOH = 20
"""Customers that a preview names for each reason."""


class Pratinjau(NamedTuple):
    """What a cancellation would do now. ``kwh``: of those that may go and whose kWh AP2T shows.

    ``putaran``: approvals that would be undone: (number, round, customers); None, None: posted by others.
    """

    jumlah: int
    kwh: Decimal
    tanpa_kwh: int
    putaran: list[tuple[str | None, int | None, int]]
    tidak: dict[str, list[str]]
    belum: int


def pratinjau(layanan: Layanan, tempat: Tempat, diminta: Sequence[str]) -> Pratinjau:
    """Look at what a cancellation would do, as its first step will decide it, and write nothing.

    :param diminta: the idpel named; none: all of the kelompok that are approved.
    :raises GalatAp2t: AP2T does not answer.
    """
    di_ap2t = _DiAp2t(layanan, tempat, set(diminta))
    tidak: dict[str, list[str]] = {}
    per: Counter[int | None] = Counter()
    kwh, tanpa = Decimal(0), 0
    with layanan.buku.transaksi() as tx:
        for baris in _baris(tx, tempat, di_ap2t, diminta, tidak):
            if baris.sebab is not None:
                continue
            per[baris.asal] += 1
            tanpa += baris.kwh is None
            kwh += baris.kwh or 0
        putaran: list[tuple[str | None, int | None, int]] = []
        for asal, nomor in sorted(per.items(), key=lambda p: p[0] or 0):
            none = None if asal is None else tx.sesi.ambil(asal)
            putaran.append((none.nomor if none else None, none.putaran if none else None, nomor))
    return Pratinjau(per.total(), kwh, tanpa, putaran, tidak, di_ap2t.belum)


class _Penyusun:
    """Decides customer by customer."""

    def __init__(
        self,
        di_ap2t: _DiAp2t,
        asal: dict[tuple[str, str], int],
        posisi: dict[str, Posisi],
        tidak: dict[str, list[str]],
    ) -> None:
        self.di_ap2t, self.asal, self.posisi, self.tidak = di_ap2t, asal, posisi, tidak

    def susun(self, idpel: list[str], kelompok_lain: set[str]) -> Iterator[BarisPembatalan]:
        """Yield the snapshot's rows; ``tidak`` gathers who may not go, by reason."""
        for idpel_ini in idpel:
            baris = self._satu(idpel_ini, kelompok_lain)
            if baris.sebab is not None:
                self.tidak.setdefault(baris.sebab, []).append(idpel_ini)
            yield baris

    def _satu(self, idpel: str, kelompok_lain: set[str]) -> BarisPembatalan:
        di_ap2t = self.di_ap2t.posting.get(idpel)
        if di_ap2t is None:
            if idpel in self.di_ap2t.nol:
                return BarisPembatalan(idpel, 0, sebab="BELUM_POSTING")
            sebab = "KELOMPOK_LAIN" if idpel in kelompok_lain else "IDPEL_TIDAK_DIKENAL"
            return BarisPembatalan(idpel, None, sebab=sebab)
        nomor: str | None = di_ap2t.no_pengesahan
        if nomor is None:  # optional in the contract: where AP2T shows none, our own record says which it was
            nomor = self.posisi.get(idpel, (0, None))[1]
        apa: str | None = None
        if di_ap2t.kodeposting != 1:
            apa = "SUDAH_SUPLAI_STAN"
        elif not nomor or len(nomor) > NOMOR_MAKS:
            apa = "TANPA_NOMOR"
        asal = None if nomor is None else self.asal.get((idpel, nomor))
        kwh = self.di_ap2t.kwh.get(idpel)
        return BarisPembatalan(idpel, di_ap2t.kodeposting, nomor, asal, kwh, di_ap2t.oleh, di_ap2t.waktu, apa)


def _catat_jejak(
    sesi: Sesi,
    tx: Transaksi,
    jumlah: int,
    luar_sistem: int,
    belum: int,
    angka: dict[str, Any],
    tidak: dict[str, list[str]],
) -> None:
    isi = {"jumlah": jumlah, "belum_posting": belum, "diluar_sistem": luar_sistem}
    tx.jejak.catat("CUPLIKAN_DIAMBIL", isi, sesi_id=sesi.id)
    hasil = {literal: angka["hasil"][literal] for literal in ("lolos", "ditahan")}
    tx.jejak.catat("DISARING", {**hasil, "sebab": {kunci: len(v) for kunci, v in tidak.items()}}, sesi_id=sesi.id)
    for sebab, idpel in sorted(tidak.items()):
        tx.jejak.catat_daftar("TIDAK_DAPAT_DIBATALKAN", {"sebab": sebab}, "idpel", idpel, sesi_id=sesi.id)


def _laporkan(sesi: Sesi, angka: dict[str, Any], luar_sistem: int, tidak: dict[str, list[str]], lapor: Lapor) -> None:
    hasil = angka["hasil"]
    lapor(
        f"{ribuan(hasil['lolos'])} pelanggan dapat dibatalkan, {ribuan(hasil['ditahan'])} tidak"
        + (f"; {ribuan(luar_sistem)} berubah di AP2T di luar sistem ini" if luar_sistem else "")
        + f"; sidik {(sesi.sidik or '')[:12]}."
    )
    for p in angka["putaran"]:
        dari = f"pengesahan {p['nomor']} (putaran {p['putaran']})" if p["nomor"] else "pengesahan di luar sistem ini"
        lapor(f"Dari {dari}: {ribuan(p['jumlah'])} pelanggan.")
    for sebab, idpel in sorted(tidak.items()):
        for baris in sebaris(idpel):
            lapor(f"{sebab} ({kata_batal(sebab)}): {ribuan(len(idpel))} pelanggan: {baris}.")


def teks_pembatalan(sesi: Sesi, isi: PermintaanBatal) -> str:
    """Write what would be cancelled in Markdown for the gate: counts only; which customers is told by the page.

    No kWh: these customers stood in the sum of an approval's gate, or of another cancellation's; where all but one do
    so again, the difference of the two sums is that one's kWh (invariant 7).
    """
    angka = sesi.rekap or {}
    hasil = angka["hasil"]
    cakupan = "semua yang sudah disahkan" if isi.cakupan == SEMUA else f"{ribuan(len(isi.diminta))} idpel"
    bagian = [
        f"### Pembatalan pengesahan {sesi.nama_unit or ''} ({sesi.unitup}), bulan {sesi.thblrek}, kelompok {sesi.hari_baca}",
        f"**Alasan:** {tanpa_markah(isi.alasan)}",
        tabel(
            ["", "Pelanggan"],
            [
                ["**Akan dibatalkan**", ribuan(hasil["lolos"])],
                [KATA_HASIL_BATAL[HasilBatal.TIDAK], ribuan(hasil["ditahan"])],
            ],
        ),
        "**Pengesahan yang dibatalkan**\n\n"
        + tabel(
            ["Sesi", "Putaran", "Pelanggan"],
            [
                [f"`{p['nomor']}`", str(p["putaran"]), ribuan(p["jumlah"])]
                if p["nomor"]
                else ["di luar sistem ini", "-", ribuan(p["jumlah"])]
                for p in angka["putaran"]
            ],
        ),
        ""
        if not angka["alasan"]
        else "**Tidak dapat dibatalkan, karena**\n\n"
        + tabel(
            ["", "Pelanggan"],
            [[kata_batal(argumen["kode"]), ribuan(argumen["jumlah"])] for argumen in angka["alasan"]],
        ),
        f"Yang dibatalkan kembali *belum disahkan* dan dapat disahkan lagi pada putaran berikut. Cakupan: {cakupan}. "
        f"Sesi `{sesi.nomor}`, sidik `{(sesi.sidik or '')[:16]}`.",
    ]
    return "\n\n".join(baris for baris in bagian if baris)


def kalimat_nihil(sesi: Sesi) -> str:
    """Say why nothing was asked and nothing was cancelled."""
    alasan = (sesi.rekap or {})["alasan"]
    sebab = "; ".join(
        f"{ribuan(argumen['jumlah'])} {kata_batal(argumen['kode'])} ({daftar(argumen['contoh'], 5)})"
        for argumen in alasan
    )
    return (
        f"Tidak ada yang dapat dibatalkan untuk {sesi.tempat}: {sebab or 'belum ada pelanggan yang sudah disahkan'}. "
        "Tidak ada yang dikirim ke AP2T."
    )
