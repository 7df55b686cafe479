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


def rekonsiliasi(layanan: Layanan, s: Sesi, lapor: Lapor) -> Sesi:
    """Compare every row of AP2T's list with the ledger; return the session at stage COCOK.

    What others posted or cancelled in AP2T is recorded DILUAR_SISTEM and listed. A reading that changed in ACMT after
    it was posted is reported.

    :raises BukuMenolak: a row disagrees; the message names the first ones.
    """
    if not s.sudah("TERPOSTING"):
        raise BukuMenolak(
            f"Posting sesi {s.nomor} belum selesai (tahap {s.tahap}); menandainya berhasil di Airflow tidak cukup. "
            "Ulangi (clear) tugas posting_ap2t."
        )
    temuan = _bandingkan(layanan, s)
    s = catat_temuan(layanan, s, temuan, "dibatalkan pihak lain", lapor)
    _laporkan_perubahan(layanan, s, lapor)
    return s


def _bandingkan(layanan: Layanan, s: Sesi) -> Temuan:
    """Walk both lists together; each is in ascending idpel order."""
    with layanan.buku.transaksi() as tx:
        kembali = set(yang_dikembalikan(tx.persetujuan.semua(s)))
        temuan = Temuan(Pembanding(tx, s))
    ap2t = iter(layanan.ap2t_baca().daftar(s.unitup, s.thblrek, s.hari_baca))
    a = next(ap2t, None)
    for b in layanan.buku.halaman("rekonsiliasi_baris", POTONG, sesi_id=s.id):
        while a is not None and a.idpel < b["idpel"]:
            _asing(s, a, temuan)
            a = next(ap2t, None)
        sama = a if a is not None and a.idpel == b["idpel"] else None
        _satu(s, b, sama, b["idpel"] in kembali, temuan)
        if sama is not None:
            a = next(ap2t, None)
    while a is not None:
        _asing(s, a, temuan)
        a = next(ap2t, None)
    return temuan


def _asing(s: Sesi, a: BarisAp2t, temuan: Temuan) -> None:
    """Handle a row of AP2T that is not in the snapshot: it must not carry this session's number."""
    if a.kodeposting and a.no_pengesahan == s.nomor:
        temuan.beda.append(f"{a.idpel} (posting dengan nomor sesi ini tetapi tidak ada dalam cuplikannya)")


def _satu(s: Sesi, b: Any, a: BarisAp2t | None, kembali: bool, temuan: Temuan) -> None:
    idpel, kode = b["idpel"], (a.kodeposting if a else None)
    milik_kita = a is not None and bool(kode) and a.no_pengesahan == s.nomor
    if b["status"] in TERPOSTING:
        tanpa_nomor = a is not None and bool(kode) and a.no_pengesahan is None  # the contract leaves it optional
        _terposting(b, a, milik_kita or tanpa_nomor, temuan)
    elif b["status"] is None and b["hasil"] == "LOLOS" and not kembali:
        temuan.beda.append(f"{idpel} (disetujui tetapi tidak pernah dikirim)")
    elif milik_kita:
        temuan.beda.append(
            f"{idpel} (posting di AP2T dengan nomor sesi ini, padahal buku: {b['status'] or b['hasil']})"
        )
    elif a is not None and kode:
        temuan.lain.beda(idpel, _di_ap2t(a))
    else:
        temuan.lain.sama(idpel, DiAp2t(0) if a is None else _di_ap2t(a))
        temuan.cocok += 1


def _terposting(b: Any, a: BarisAp2t | None, milik_kita: bool, temuan: Temuan) -> None:
    idpel = b["idpel"]
    if a is None:
        temuan.beda.append(f"{idpel} (buku: posting, tidak ada dalam daftar AP2T)")
    elif milik_kita:
        kolom = _nilai_beda(b, a)
        if kolom:
            temuan.beda.append(f"{idpel} (nilai di AP2T berbeda: {', '.join(kolom)})")
        else:
            temuan.lain.sama(idpel, _di_ap2t(a))
            temuan.cocok += 1
    else:  # AP2T's state wins, and it is written down
        dilihat = temuan.lain.beda(idpel, _di_ap2t(a))
        # it said it was posted, says now that it is not, and names nobody who did it: a person has to look once
        if not a.kodeposting and not a.oleh and not dilihat:
            temuan.beda.append(f"{idpel} (buku: posting, AP2T: belum disahkan)")


def _di_ap2t(a: BarisAp2t) -> DiAp2t:
    return DiAp2t(a.kodeposting, a.no_pengesahan, a.oleh, a.waktu)


def _nilai_beda(b: Any, a: BarisAp2t) -> list[str]:
    """Names of the values that AP2T holds otherwise; compared as numbers; values AP2T does not show are not judged."""
    beda = []
    for kolom, kita, mereka in (
        ("sahlwbp", b["sahlwbp"], a.sahlwbp),
        ("sahwbp", b["sahwbp"], a.sahwbp),
        ("sahkvarh", b["sahkvarh"], a.sahkvarh),
        ("pemkwh", b["kwh"], a.pemkwh),
    ):
        if mereka is not None and not _sama(kita, mereka):
            beda.append(kolom)
    return beda


def _sama(kita: Decimal | None, mereka: str) -> bool:
    try:
        return kita is not None and kita == Decimal(mereka)
    except InvalidOperation:
        return False


def _laporkan_perubahan(layanan: Layanan, s: Sesi, lapor: Lapor) -> None:
    """Report readings that changed in ACMT after the snapshot though they were posted (invariant 2)."""
    berbeda = sorted(sejak_cuplikan(layanan.buku, layanan.sumber, s, terposting=True))
    if berbeda:
        lapor(
            f"PERHATIAN: {ribuan(len(berbeda))} pelanggan berubah di ACMT sesudah diposting: {daftar(berbeda, 20)}. "
            "Yang berlaku di AP2T adalah nilai yang disahkan; batalkan pengesahannya bila perubahan itu benar."
        )
        with layanan.buku.transaksi() as tx:
            isi = {"jumlah": len(berbeda)}
            tx.jejak.catat_daftar("BERUBAH_SESUDAH_POSTING", isi, "idpel", berbeda, sesi_id=s.id)


@dataclass
class Temuan:
    """Rows that agree, rows that do not, and what others changed."""

    lain: Pembanding
    cocok: int = 0
    beda: list[str] = field(default_factory=list)
    """Rows that do not agree: "idpel (why)"."""


def catat_temuan(layanan: Layanan, s: Sesi, temuan: Temuan, diterima: str, lapor: Lapor) -> Sesi:
    """Record a comparison and tell it; return the session at stage COCOK.

    :param diterima: what others may have done that a second comparison accepts, as part of a sentence.
    :raises BukuMenolak: a row disagrees, or the run no longer holds the session.
    """

    def catat(tx: Transaksi) -> Sesi:
        # in either case: one that no longer holds the session writes nothing, and two go one after the other
        kini = tx.sesi.ke_tahap(s, s.tahap if temuan.beda else "COCOK")
        luar_baru = tx.luar.catat(kini, temuan.lain.luar, "REKONSILIASI")
        isi: dict[str, Any] = {
            "hasil": "BEDA" if temuan.beda else "COCOK",
            "cocok": temuan.cocok,
            "beda": temuan.beda[:100],
            "jumlah_beda": len(temuan.beda),
            "luar": luar_baru,
        }
        tx.jejak.catat("REKONSILIASI", isi, sesi_id=s.id)
        return kini

    s = layanan.buku.ulang(catat)
    if temuan.lain.luar:
        contoh = daftar([f"{i} ({apa})" for i, apa, _ in temuan.lain.luar], 20)
        lapor(f"DILUAR_SISTEM: {ribuan(len(temuan.lain.luar))} pelanggan diubah pihak lain di AP2T: {contoh}.")
    if temuan.beda:
        raise BukuMenolak(
            f"Rekonsiliasi {s.tempat}: {ribuan(len(temuan.beda))} pelanggan tidak cocok antara buku dan AP2T: "
            f"{daftar(temuan.beda, 20)}. Periksa di AP2T bersama pengelolanya, lalu ulangi (clear) tugas rekonsiliasi: "
            f"yang memang {diterima} sudah dicatat DILUAR_SISTEM dan diterima pada ulangan itu."
        )
    lapor(f"Rekonsiliasi: {ribuan(temuan.cocok)} pelanggan cocok baris demi baris dengan AP2T.")
    return s
