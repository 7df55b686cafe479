"""Step 8: compare AP2T's list with the ledger, row by row, both streamed in order of idpel (invariant 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import Any

from ap2t.aliran import di_belakang, potongan
from ap2t.domain.kode import JenisJejak, SaatLuar, StatusHasil, TahapSesi
from ap2t.domain.model import HasilSaring
from ap2t.domain.teks import daftar, ribuan
from ap2t.galat import BukuMenolak
from ap2t.hooks.kontrak import BarisAp2t
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.cuplikan import POTONG
from ap2t.ledger.kiriman import BarisRekonsiliasi
from ap2t.ledger.luar import DiAp2t, Pembanding
from ap2t.ledger.mesin import Baris
from ap2t.ledger.persetujuan import yang_dikembalikan
from ap2t.ledger.sesi import Sesi
from ap2t.proses.cuplik import menurut_ap2t, sejak_cuplikan
from ap2t.proses.kirim import TUGAS
from ap2t.proses.layanan import Langkah

TERPOSTING = (StatusHasil.POSTING, StatusHasil.SUDAH_POSTING)


def rekonsiliasi(langkah: Langkah) -> None:
    """Compare every row of AP2T's list with the ledger, and move the session to COCOK.

    What others posted or cancelled in AP2T is recorded DILUAR_SISTEM and listed. A reading that changed in ACMT after
    it was posted is reported.

    :raises BukuMenolak: a row disagrees; the message names the first ones.
    """
    sesi, temuan = langkah.sesi, mulai_banding(langkah)
    if temuan is None:
        return
    with langkah.buku.transaksi() as tx:
        kembali = set(yang_dikembalikan(tx.persetujuan.semua(sesi)))
    with closing(di_belakang(_berubah(langkah), nama="acmt")) as berubah:  # beside AP2T's list and the ledger
        for baris, di_ap2t in gandeng(langkah, BarisRekonsiliasi, "rekonsiliasi_baris"):
            if baris is not None:
                _banding(sesi, baris, di_ap2t, baris.idpel in kembali, temuan)
            elif di_ap2t is not None and di_ap2t.kodeposting and di_ap2t.no_pengesahan == sesi.nomor:
                temuan.beda.append(
                    f"{di_ap2t.idpel} (posting dengan nomor sesi ini tetapi tidak ada dalam cuplikannya)"
                )
        catat_temuan(langkah, temuan, "dibatalkan pihak lain")
        _laporkan_perubahan(langkah, next(berubah))


def mulai_banding(langkah: Langkah) -> Temuan | None:
    """Begin a comparison, which is refused before all rows are sent. None: nobody was asked about."""
    sesi = langkah.sesi
    if sesi.tahap == TahapSesi.TERSARING and sesi.kosong:
        apa = "dibatalkan" if sesi.pembatalan else "diposting"
        langkah.lapor(f"Tidak ada yang {apa}, jadi tidak ada yang direkonsiliasi.")
        return None
    if not sesi.sudah(TahapSesi.TERPOSTING):
        raise BukuMenolak(
            f"{'Pembatalan' if sesi.pembatalan else 'Posting'} sesi {sesi.nomor} belum selesai dikirim (tahap "
            f"{sesi.tahap}); menandainya berhasil di Airflow tidak cukup. Ulangi (clear) tugas {TUGAS[sesi.jenis]}."
        )
    with langkah.buku.transaksi() as tx:
        return Temuan(Pembanding(tx, sesi))


def gandeng(
    langkah: Langkah, bentuk: Callable[..., Baris], pernyataan: str
) -> Iterator[tuple[Baris | None, BarisAp2t | None]]:
    """Walk the ledger's rows and AP2T's list together, each in ascending order of idpel: pairs, or one side alone."""
    halaman = langkah.buku.halaman(bentuk, pernyataan, POTONG, sesi_id=langkah.sesi.id)
    daftar_ap2t = potongan(langkah.layanan.ap2t_baca().daftar(*langkah.sesi.tempat), POTONG)
    with closing(di_belakang(halaman, nama="buku")) as sini, closing(di_belakang(daftar_ap2t, nama="ap2t")) as sana:
        buku, lain = chain.from_iterable(sini), chain.from_iterable(sana)
        kita: Any = next(buku, None)
        mereka = next(lain, None)
        while kita is not None or mereka is not None:
            if mereka is None or (kita is not None and kita.idpel < mereka.idpel):
                yield kita, None
                kita = next(buku, None)
            elif kita is None or mereka.idpel < kita.idpel:
                yield None, mereka
                mereka = next(lain, None)
            else:
                yield kita, mereka
                kita, mereka = next(buku, None), next(lain, None)


def _banding(sesi: Sesi, baris: BarisRekonsiliasi, di_ap2t: BarisAp2t | None, kembali: bool, temuan: Temuan) -> None:
    """Compare a row of the snapshot with AP2T's. ``kembali``: an approver sent the customer back."""
    nomor = di_ap2t.no_pengesahan if di_ap2t is not None and di_ap2t.kodeposting else ""
    if baris.status in TERPOSTING:
        _terposting(baris, di_ap2t, nomor in (None, sesi.nomor), temuan)  # the contract leaves the number optional
    elif baris.status is None and baris.hasil == HasilSaring.LOLOS and not kembali:
        temuan.beda.append(f"{baris.idpel} (disetujui tetapi tidak pernah dikirim)")
    elif nomor == sesi.nomor:
        buku = baris.status or baris.hasil
        temuan.beda.append(f"{baris.idpel} (posting di AP2T dengan nomor sesi ini, padahal buku: {buku})")
    elif di_ap2t is not None and di_ap2t.kodeposting:
        temuan.lain.beda(baris.idpel, menurut_ap2t(di_ap2t))
    else:
        temuan.cocokkan(baris.idpel, di_ap2t)


def _terposting(baris: BarisRekonsiliasi, di_ap2t: BarisAp2t | None, milik_kita: bool, temuan: Temuan) -> None:
    idpel = baris.idpel
    if di_ap2t is None:
        temuan.beda.append(f"{idpel} (buku: posting, tidak ada dalam daftar AP2T)")
    elif milik_kita:
        kolom = _nilai_beda(baris, di_ap2t)
        if kolom:
            temuan.beda.append(f"{idpel} (nilai di AP2T berbeda: {', '.join(kolom)})")
        else:
            temuan.cocokkan(idpel, di_ap2t)
    else:  # AP2T's state wins, and it is written down
        dilihat = temuan.lain.beda(idpel, menurut_ap2t(di_ap2t))
        # it said it was posted, says now that it is not, and names nobody who did it: a person has to look once
        if not di_ap2t.kodeposting and not di_ap2t.oleh and not dilihat:
            temuan.beda.append(f"{idpel} (buku: posting, AP2T: belum disahkan)")


def _nilai_beda(baris: BarisRekonsiliasi, di_ap2t: BarisAp2t) -> list[str]:
    """Name the values that AP2T holds otherwise, compared as numbers. Values AP2T does not show are not judged."""
    return [kolom for kolom in _NILAI if not _sama(getattr(baris, kolom), getattr(di_ap2t, kolom))]


_NILAI = ("sahlwbp", "sahwbp", "sahkvarh", "pemkwh")


def _sama(kita: str | None, mereka: str | None) -> bool:
    if mereka is None or mereka == kita:
        return True
    try:
        return kita is not None and Decimal(kita) == Decimal(mereka)
    except InvalidOperation:
        return False


def _berubah(langkah: Langkah) -> Iterator[list[str]]:
    """Yield the customers who were posted and changed in ACMT since the snapshot, all at once."""
    yield sorted(sejak_cuplikan(langkah.buku, langkah.sumber, langkah.sesi, terposting=True))


def _laporkan_perubahan(langkah: Langkah, berbeda: list[str]) -> None:
    """Report readings that changed in ACMT after the snapshot though they were posted (invariant 2)."""
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

    def cocokkan(self, idpel: str, di_ap2t: BarisAp2t | None) -> None:
        """Take a row that agrees. If an earlier comparison found it otherwise, that is a change."""
        if idpel in self.lain:
            self.lain.beda(idpel, DiAp2t(0) if di_ap2t is None else menurut_ap2t(di_ap2t))
        self.cocok += 1


def catat_temuan(langkah: Langkah, temuan: Temuan, diterima: str) -> None:
    """Record a comparison and tell it. The session is at COCOK then; a row that disagrees is an error.

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
