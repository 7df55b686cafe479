"""Step 8: AP2T's list against the ledger, row by row, both streamed in idpel order (invariant 5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from ap2t.domain.teks import daftar, ribuan
from ap2t.galat import BukuMenolak
from ap2t.hooks.kontrak import BarisAp2t
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.cuplikan import POTONG
from ap2t.ledger.luar import DiAp2t, Pembanding
from ap2t.ledger.persetujuan import yang_dikembalikan
from ap2t.ledger.sesi import Sesi
from ap2t.proses.cuplik import sejak_cuplikan
from ap2t.proses.layanan import Lapor, Layanan

TERPOSTING = ("POSTING", "SUDAH_POSTING")


def rekonsiliasi(layanan: Layanan, sesi: Sesi, lapor: Lapor) -> Sesi:
    """Compare every row of AP2T's list with the ledger; return the session at stage COCOK.

    What others posted or cancelled in AP2T is recorded DILUAR_SISTEM and listed. A reading that changed in ACMT after
    it was posted is reported.

    :raises BukuMenolak: a row disagrees; the message names the first ones.
    """
    if not sesi.sudah("TERPOSTING"):
        raise BukuMenolak(
            f"Posting sesi {sesi.nomor} belum selesai (tahap {sesi.tahap}); menandainya berhasil di Airflow tidak cukup. "
            "Ulangi (clear) tugas posting_ap2t."
        )
    temuan = _bandingkan(layanan, sesi)
    sesi = catat_temuan(layanan, sesi, temuan, "dibatalkan pihak lain", lapor)
    _laporkan_perubahan(layanan, sesi, lapor)
    return sesi


def _bandingkan(layanan: Layanan, sesi: Sesi) -> Temuan:
    """Walk both lists together; each is in ascending idpel order."""
    with layanan.buku.transaksi() as tx:
        kembali = set(yang_dikembalikan(tx.persetujuan.semua(sesi)))
        temuan = Temuan(Pembanding(tx, sesi))
    ap2t = iter(layanan.ap2t_baca().daftar(sesi.unitup, sesi.thblrek, sesi.hari_baca))
    di_ap2t = next(ap2t, None)
    for baris in layanan.buku.halaman("rekonsiliasi_baris", POTONG, sesi_id=sesi.id):
        while di_ap2t is not None and di_ap2t.idpel < baris["idpel"]:
            _asing(sesi, di_ap2t, temuan)
            di_ap2t = next(ap2t, None)
        sama = di_ap2t if di_ap2t is not None and di_ap2t.idpel == baris["idpel"] else None
        _satu(sesi, baris, sama, baris["idpel"] in kembali, temuan)
        if sama is not None:
            di_ap2t = next(ap2t, None)
    while di_ap2t is not None:
        _asing(sesi, di_ap2t, temuan)
        di_ap2t = next(ap2t, None)
    return temuan


def _asing(sesi: Sesi, di_ap2t: BarisAp2t, temuan: Temuan) -> None:
    """Handle a row of AP2T that is not in the snapshot: it must not carry this session's number."""
    if di_ap2t.kodeposting and di_ap2t.no_pengesahan == sesi.nomor:
        temuan.beda.append(f"{di_ap2t.idpel} (posting dengan nomor sesi ini tetapi tidak ada dalam cuplikannya)")


def _satu(sesi: Sesi, baris: Any, di_ap2t: BarisAp2t | None, kembali: bool, temuan: Temuan) -> None:
    idpel, kode = baris["idpel"], (di_ap2t.kodeposting if di_ap2t else None)
    milik_kita = di_ap2t is not None and bool(kode) and di_ap2t.no_pengesahan == sesi.nomor
    if baris["status"] in TERPOSTING:
        tanpa_nomor = (
            di_ap2t is not None and bool(kode) and di_ap2t.no_pengesahan is None
        )  # the contract leaves it optional
        _terposting(baris, di_ap2t, milik_kita or tanpa_nomor, temuan)
    elif baris["status"] is None and baris["hasil"] == "LOLOS" and not kembali:
        temuan.beda.append(f"{idpel} (disetujui tetapi tidak pernah dikirim)")
    elif milik_kita:
        temuan.beda.append(
            f"{idpel} (posting di AP2T dengan nomor sesi ini, padahal buku: {baris['status'] or baris['hasil']})"
        )
    elif di_ap2t is not None and kode:
        temuan.lain.beda(idpel, _di_ap2t(di_ap2t))
    else:
        temuan.lain.sama(idpel, DiAp2t(0) if di_ap2t is None else _di_ap2t(di_ap2t))
        temuan.cocok += 1


def _terposting(baris: Any, di_ap2t: BarisAp2t | None, milik_kita: bool, temuan: Temuan) -> None:
    idpel = baris["idpel"]
    if di_ap2t is None:
        temuan.beda.append(f"{idpel} (buku: posting, tidak ada dalam daftar AP2T)")
    elif milik_kita:
        kolom = _nilai_beda(baris, di_ap2t)
        if kolom:
            temuan.beda.append(f"{idpel} (nilai di AP2T berbeda: {', '.join(kolom)})")
        else:
            temuan.lain.sama(idpel, _di_ap2t(di_ap2t))
            temuan.cocok += 1
    else:  # AP2T's state wins, and it is written down
        dilihat = temuan.lain.beda(idpel, _di_ap2t(di_ap2t))
        # it said it was posted, says now that it is not, and names nobody who did it: a person has to look once
        if not di_ap2t.kodeposting and not di_ap2t.oleh and not dilihat:
            temuan.beda.append(f"{idpel} (buku: posting, AP2T: belum disahkan)")


def _di_ap2t(di_ap2t: BarisAp2t) -> DiAp2t:
    return DiAp2t(di_ap2t.kodeposting, di_ap2t.no_pengesahan, di_ap2t.oleh, di_ap2t.waktu)


def _nilai_beda(baris: Any, di_ap2t: BarisAp2t) -> list[str]:
    """Names of the values that AP2T holds otherwise; compared as numbers; values AP2T does not show are not judged."""
    beda = []
    for kolom, kita, mereka in (
        ("sahlwbp", baris["sahlwbp"], di_ap2t.sahlwbp),
        ("sahwbp", baris["sahwbp"], di_ap2t.sahwbp),
        ("sahkvarh", baris["sahkvarh"], di_ap2t.sahkvarh),
        ("pemkwh", baris["kwh"], di_ap2t.pemkwh),
    ):
        if mereka is not None and not _sama(kita, mereka):
            beda.append(kolom)
    return beda


def _sama(kita: Decimal | None, mereka: str) -> bool:
    try:
        return kita is not None and kita == Decimal(mereka)
    except InvalidOperation:
        return False


def _laporkan_perubahan(layanan: Layanan, sesi: Sesi, lapor: Lapor) -> None:
    """Report readings that changed in ACMT after the snapshot though they were posted (invariant 2)."""
    berbeda = sorted(sejak_cuplikan(layanan.buku, layanan.sumber, sesi, terposting=True))
    if berbeda:
        lapor(
            f"PERHATIAN: {ribuan(len(berbeda))} pelanggan berubah di ACMT sesudah diposting: {daftar(berbeda, 20)}. "
            "Yang berlaku di AP2T adalah nilai yang disahkan; batalkan pengesahannya bila perubahan itu benar."
        )
        with layanan.buku.transaksi() as tx:
            isi = {"jumlah": len(berbeda)}
            tx.jejak.catat_daftar("BERUBAH_SESUDAH_POSTING", isi, "idpel", berbeda, sesi_id=sesi.id)


@dataclass
class Temuan:
    """Rows that agree, rows that do not, and what others changed."""

    lain: Pembanding
    cocok: int = 0
    beda: list[str] = field(default_factory=list)
    """Rows that do not agree: "idpel (why)"."""


def catat_temuan(layanan: Layanan, sesi: Sesi, temuan: Temuan, diterima: str, lapor: Lapor) -> Sesi:
    """Record a comparison and tell it; return the session at stage COCOK.

    :param diterima: what others may have done that a second comparison accepts, as part of a sentence.
    :raises BukuMenolak: a row disagrees, or the run no longer holds the session.
    """

    def catat(tx: Transaksi) -> Sesi:
        # in either case: one that no longer holds the session writes nothing, and two go one after the other
        kini = tx.sesi.ke_tahap(sesi, sesi.tahap if temuan.beda else "COCOK")
        luar_baru = tx.luar.catat(kini, temuan.lain.luar, "REKONSILIASI")
        isi: dict[str, Any] = {
            "hasil": "BEDA" if temuan.beda else "COCOK",
            "cocok": temuan.cocok,
            "beda": temuan.beda[:100],
            "jumlah_beda": len(temuan.beda),
            "luar": luar_baru,
        }
        tx.jejak.catat("REKONSILIASI", isi, sesi_id=sesi.id)
        return kini

    sesi = layanan.buku.ulang(catat)
    if temuan.lain.luar:
        contoh = daftar([f"{idpel} ({apa})" for idpel, apa, _ in temuan.lain.luar], 20)
        lapor(f"DILUAR_SISTEM: {ribuan(len(temuan.lain.luar))} pelanggan diubah pihak lain di AP2T: {contoh}.")
    if temuan.beda:
        raise BukuMenolak(
            f"Rekonsiliasi {sesi.tempat}: {ribuan(len(temuan.beda))} pelanggan tidak cocok antara buku dan AP2T: "
            f"{daftar(temuan.beda, 20)}. Periksa di AP2T bersama pengelolanya, lalu ulangi (clear) tugas rekonsiliasi: "
            f"yang memang {diterima} sudah dicatat DILUAR_SISTEM dan diterima pada ulangan itu."
        )
    lapor(f"Rekonsiliasi: {ribuan(temuan.cocok)} pelanggan cocok baris demi baris dengan AP2T.")
    return sesi
