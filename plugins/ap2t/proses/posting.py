"""Step 7: post the approved readings to AP2T, each exactly once (invariants 1 to 4)."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

from ap2t import jam
from ap2t.domain.kesiapan import siap_penuh
from ap2t.domain.kode import SebabBerubah, StatusHasil
from ap2t.domain.kontrak import BarisKirim
from ap2t.domain.stempel import PetugasUnit
from ap2t.domain.teks import ribuan
from ap2t.hooks.ap2t import BARIS_MAKS, Badan, KlienAp2t
from ap2t.hooks.kontrak import HasilBatch
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.kiriman import HasilKirim
from ap2t.ledger.persetujuan import Persetujuan, yang_dikembalikan
from ap2t.proses.cuplik import beda_teks, pasti_siap, per_baris, sama_teks
from ap2t.proses.kembalikan import kembalikan
from ap2t.proses.kirim import Pengirim
from ap2t.proses.layanan import Langkah
from ap2t.proses.wewenang import pastikan_masih
from ap2t.source.salinan import BarisSumber, lengkap, per_idpel


class PengirimPosting(Pengirim[BarisKirim]):
    """Posts readings. Each batch looks once more at the source."""

    kata, tetap = "Posting", 0
    kembali: list[str]
    """Whom approvers sent back, as the plan found it."""

    def _rencana(self, tx: Transaksi, jawaban: list[Persetujuan]) -> tuple[int, str]:
        self.kembali = yang_dikembalikan(jawaban)
        kembali = len(self.kembali) - tx.cuplikan.ditahan(self.sesi, self.kembali)
        total = self.sesi.hasil_rekap["lolos"] - kembali
        return total, f"; {ribuan(kembali)} dikembalikan pengesah dan tidak dikirim" if kembali else ""

    def _berikut(self, tx: Transaksi, sesudah: str) -> list[BarisKirim]:
        return tx.kiriman.berikut(self.sesi, sesudah, self.kembali, self.ukuran)

    def _badan(self, baris: list[BarisKirim]) -> Badan:
        kepala = Badan.dari({**self.sesi.tempat._asdict(), "no_pengesahan": self.sesi.nomor, "baris": []})
        return kepala.berisi([satu.idpel for satu in baris], [satu.isi for satu in baris])

    def _kirim_sekali(self, klien: KlienAp2t, kunci: str, badan: Badan) -> HasilBatch:
        return klien.kirim_posting(kunci, badan)

    def _berubah(self, baris: list[BarisKirim]) -> list[HasilKirim]:
        sesi, sumber = self.sesi, self.layanan.sumber
        orang = sumber.petugas(sesi.unitup)
        petugas = PetugasUnit(sesi.unitup, orang)
        pastikan_masih(self.layanan, sesi, orang, self.para_pengesah)
        sekarang = jam.sekarang()
        awal, akhir = baris[0].idpel, baris[-1].idpel
        with self.buku.transaksi() as tx:
            teks = tx.cuplikan.teks(sesi, awal, akhir)
        pilihan = sesi.aturan.ketentuan.pilihan
        with closing(sumber.salin(sesi.tempat, dari=awal, sampai=akhir, potong=BARIS_MAKS, pilihan=pilihan)) as aliran:
            semua = [(isi, pasti_siap(isi, petugas, sekarang)) for isi in aliran]
        if sama_teks(teks, [isi for isi, _ in semua]) and all(siap.all() for _, siap in semua):
            return []
        lama = per_baris(teks)
        kini: dict[str, list[tuple[BarisSumber, bool]]] = {}
        for isi, siap in semua:
            for (idpel, satu), pasti in zip(per_idpel(isi), siap, strict=True):
                kini.setdefault(idpel, []).append((satu, bool(pasti)))
        return [
            HasilKirim(satu.idpel, StatusHasil.BERUBAH, *sebab)
            for satu in baris
            if (sebab := _sebab_berubah(lama[satu.idpel], kini.get(satu.idpel, []), petugas, sekarang))
        ]


def posting_ap2t(langkah: Langkah, *, ukuran: int, serentak: int) -> None:
    """Post the session's approved rows, ``ukuran`` a batch, ``serentak`` batches at once. Then send back in ACMT.

    :raises LewatiLangkah: there was nothing to approve.
    """
    PengirimPosting(langkah, ukuran=ukuran, serentak=serentak).kirim_semua()
    kembalikan(langkah)  # only now, so that it holds nothing up


def _sebab_berubah(
    lama: bytes, kini: list[tuple[BarisSumber, bool]], petugas: PetugasUnit, sekarang: datetime
) -> tuple[str, str] | None:
    """Say (kode, pesan) why a row may not go as it was approved. None: it is as it was.

    :param kini: the customer's rows in the source, and whether each surely is ready; else that is looked at here.
    """
    if not kini:
        return SebabBerubah.TIDAK_ADA_LAGI, "hilang dari kelompok ini di ACMT"
    if len(kini) > 1:
        return SebabBerubah.BERUBAH_DI_ACMT, f"ada {len(kini)} baris pelanggan ini di ACMT"
    satu, siap = kini[0]
    if kolom := beda_teks(lama, satu):
        return SebabBerubah.BERUBAH_DI_ACMT, ", ".join(kolom)
    if not siap and not siap_penuh(lengkap(satu), petugas, sekarang):
        return SebabBerubah.STEMPEL_TIDAK_SAH, "verifikasi atau pengiriman gugur"
    return None
