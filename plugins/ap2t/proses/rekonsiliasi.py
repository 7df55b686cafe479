"""Step 8: compare AP2T's list with the ledger, row by row, both streamed in order of idpel (invariant 5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from ap2t.domain.kode import JenisJejak, SaatLuar, StatusHasil, TahapSesi
from ap2t.domain.model import HasilSaring
from ap2t.domain.teks import daftar, ribuan
from ap2t.galat import BukuMenolak
from ap2t.hooks.kontrak import BarisAp2t
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.cuplikan import POTONG
from ap2t.ledger.kiriman import BarisRekonsiliasi
from ap2t.ledger.luar import DiAp2t, Pembanding
from ap2t.ledger.persetujuan import yang_dikembalikan
from ap2t.ledger.sesi import Sesi
from ap2t.proses.cuplik import menurut_ap2t, sejak_cuplikan
from ap2t.proses.layanan import Langkah

TERPOSTING = (StatusHasil.POSTING, StatusHasil.SUDAH_POSTING)


def rekonsiliasi(langkah: Langkah) -> None:
    """Compare every row of AP2T's list with the ledger, and move the session to COCOK.

    What others posted or cancelled in AP2T is recorded DILUAR_SISTEM and listed. A reading that changed in ACMT after
    it was posted is reported.

    :raises BukuMenolak: a row disagrees; the message names the first ones.
    """
    sesi = langkah.sesi
    if not sesi.sudah(TahapSesi.TERPOSTING):
        raise BukuMenolak(
            f"Posting sesi {sesi.nomor} belum selesai (tahap {sesi.tahap}); menandainya berhasil di Airflow tidak "
            "cukup. Ulangi (clear) tugas posting_ap2t."
        )
    catat_temuan(langkah, _bandingkan(langkah), "dibatalkan pihak lain")
    _laporkan_perubahan(langkah)


def _bandingkan(langkah: Langkah) -> Temuan:
    """Walk both lists together, each in ascending order of idpel."""
    sesi = langkah.sesi
    with langkah.buku.transaksi() as tx:
        kembali = set(yang_dikembalikan(tx.persetujuan.semua(sesi)))
        temuan = Temuan(Pembanding(tx, sesi))
    ap2t = iter(langkah.layanan.ap2t_baca().daftar(*sesi.tempat))
    di_ap2t = next(ap2t, None)
    for baris in langkah.buku.halaman(BarisRekonsiliasi, "rekonsiliasi_baris", POTONG, sesi_id=sesi.id):
        while di_ap2t is not None and di_ap2t.idpel < baris.idpel:
            _asing(sesi, di_ap2t, temuan)
            di_ap2t = next(ap2t, None)
        sama = di_ap2t if di_ap2t is not None and di_ap2t.idpel == baris.idpel else None
        _banding(sesi, baris, sama, baris.idpel in kembali, temuan)
        if sama is not None:
            di_ap2t = next(ap2t, None)
    while di_ap2t is not None:
        _asing(sesi, di_ap2t, temuan)
        di_ap2t = next(ap2t, None)
    return temuan


def _asing(sesi: Sesi, di_ap2t: BarisAp2t, temuan: Temuan) -> None:
    """Take a row of AP2T that is not in the snapshot: it must not carry this session's number."""
    if di_ap2t.kodeposting and di_ap2t.no_pengesahan == sesi.nomor:
        temuan.beda.append(f"{di_ap2t.idpel} (posting dengan nomor sesi ini tetapi tidak ada dalam cuplikannya)")


def _banding(sesi: Sesi, baris: BarisRekonsiliasi, di_ap2t: BarisAp2t | None, kembali: bool, temuan: Temuan) -> None:
    """Compare a row of the snapshot with AP2T's.

    :param kembali: an approver sent the customer back.
    """
    nomor = di_ap2t.no_pengesahan if di_ap2t is not None and di_ap2t.kodeposting else ""
    if baris.status in TERPOSTING:
        _terposting(baris, di_ap2t, nomor in (None, sesi.nomor), temuan)  # the contract leaves the number optional
    elif baris.status is None and baris.hasil == HasilSaring.LOLOS and not kembali:
        temuan.beda.append(f"{baris.idpel} (disetujui tetapi tidak pernah dikirim)")
    elif nomor == sesi.nomor:
        buku = baris.status or baris.hasil
        temuan.beda.append(f"{baris.idpel} (posting di AP2T dengan nomor sesi ini, padahal buku: {buku})")
    elif di_ap2t is None:
        temuan.lain.sama(baris.idpel, DiAp2t(0))
        temuan.cocok += 1
    elif di_ap2t.kodeposting:
        temuan.lain.beda(baris.idpel, menurut_ap2t(di_ap2t))
    else:
        temuan.cocokkan(di_ap2t)


def _terposting(baris: BarisRekonsiliasi, di_ap2t: BarisAp2t | None, milik_kita: bool, temuan: Temuan) -> None:
    idpel = baris.idpel
    if di_ap2t is None:
        temuan.beda.append(f"{idpel} (buku: posting, tidak ada dalam daftar AP2T)")
    elif milik_kita:
        kolom = _nilai_beda(baris, di_ap2t)
        if kolom:
            temuan.beda.append(f"{idpel} (nilai di AP2T berbeda: {', '.join(kolom)})")
        else:
            temuan.cocokkan(di_ap2t)
    else:  # AP2T's state wins, and it is written down
        dilihat = temuan.lain.beda(idpel, menurut_ap2t(di_ap2t))
        # it said it was posted, says now that it is not, and names nobody who did it: a person has to look once
        if not di_ap2t.kodeposting and not di_ap2t.oleh and not dilihat:
            temuan.beda.append(f"{idpel} (buku: posting, AP2T: belum disahkan)")


def _nilai_beda(baris: BarisRekonsiliasi, di_ap2t: BarisAp2t) -> list[str]:
    """Name the values that AP2T holds otherwise, compared as numbers. Values AP2T does not show are not judged."""
    nilai = (
        ("sahlwbp", baris.sahlwbp, di_ap2t.sahlwbp),
        ("sahwbp", baris.sahwbp, di_ap2t.sahwbp),
        ("sahkvarh", baris.sahkvarh, di_ap2t.sahkvarh),
        ("pemkwh", baris.kwh, di_ap2t.pemkwh),
    )
    return [kolom for kolom, kita, mereka in nilai if mereka is not None and not _sama(kita, mereka)]


def _sama(kita: Decimal | None, mereka: str) -> bool:
    try:
        return kita is not None and kita == Decimal(mereka)
    except InvalidOperation:
        return False


def _laporkan_perubahan(langkah: Langkah) -> None:
    """Report readings that changed in ACMT after the snapshot though they were posted (invariant 2)."""
    berbeda = sorted(sejak_cuplikan(langkah.buku, langkah.sumber, langkah.sesi, terposting=True))
    if berbeda:
        langkah.lapor(
            f"PERHATIAN: {ribuan(len(berbeda))} pelanggan berubah di ACMT sesudah diposting: {daftar(berbeda, 20)}. "
            "Yang berlaku di AP2T adalah nilai yang disahkan; batalkan pengesahannya bila perubahan itu benar."
        )
        with langkah.buku.transaksi() as tx:
            isi = {"jumlah": len(berbeda)}
            tx.jejak.catat_daftar(JenisJejak.BERUBAH_SESUDAH_POSTING, isi, "idpel", berbeda, sesi_id=langkah.sesi.id)


@dataclass
class Temuan:
    """Rows that agree, rows that do not, and what others changed."""

    lain: Pembanding
    cocok: int = 0
    beda: list[str] = field(default_factory=list)
    """Rows that do not agree: "idpel (why)"."""

    def cocokkan(self, di_ap2t: BarisAp2t) -> None:
        """Take a row that agrees."""
        self.lain.sama(di_ap2t.idpel, menurut_ap2t(di_ap2t))
        self.cocok += 1


def catat_temuan(langkah: Langkah, temuan: Temuan, diterima: str) -> None:
    """Record a comparison and tell it. The session is at COCOK then.

    :param diterima: what others may have done that a second comparison accepts, as part of a sentence.
    :raises BukuMenolak: a row disagrees, or the run no longer holds the session.
    """

    def catatkan(tx: Transaksi) -> Sesi:
        sesi = langkah.sesi
        # in either case: one that no longer holds the session writes nothing, and two go one after the other
        kini = tx.sesi.ke_tahap(sesi, sesi.tahap if temuan.beda else TahapSesi.COCOK)
        isi: dict[str, Any] = {
            "hasil": "BEDA" if temuan.beda else "COCOK",
            "cocok": temuan.cocok,
            "beda": temuan.beda[:100],
            "jumlah_beda": len(temuan.beda),
            "luar": tx.luar.catat(kini, temuan.lain.luar, SaatLuar.REKONSILIASI),
        }
        tx.jejak.catat(JenisJejak.REKONSILIASI, isi, sesi_id=sesi.id)
        return kini

    langkah.sesi = langkah.buku.ulang(catatkan)
    if temuan.lain.luar:
        contoh = daftar([f"{luar.idpel} ({luar.kejadian})" for luar in temuan.lain.luar], 20)
        langkah.lapor(f"DILUAR_SISTEM: {ribuan(len(temuan.lain.luar))} pelanggan diubah pihak lain di AP2T: {contoh}.")
    if temuan.beda:
        raise BukuMenolak(
            f"Rekonsiliasi {langkah.sesi.tempat}: {ribuan(len(temuan.beda))} pelanggan tidak cocok antara buku dan "
            f"AP2T: {daftar(temuan.beda, 20)}. Periksa di AP2T bersama pengelolanya, lalu ulangi (clear) tugas "
            f"rekonsiliasi: yang memang {diterima} sudah dicatat DILUAR_SISTEM dan diterima pada ulangan itu."
        )
    langkah.lapor(f"Rekonsiliasi: {ribuan(temuan.cocok)} pelanggan cocok baris demi baris dengan AP2T.")
