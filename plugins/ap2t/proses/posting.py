"""Step 7: post the approved readings to AP2T, each exactly once (invariants 1 to 4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ap2t.domain.kesiapan import siap_penuh
from ap2t.domain.kode import JenisJejak, SebabBerubah, StatusHasil, TahapSesi
from ap2t.domain.kontrak import BarisKirim, baris_posting
from ap2t.domain.stempel import PetugasUnit
from ap2t.domain.teks import ribuan
from ap2t.galat import Ap2tTidakPasti, LewatiLangkah
from ap2t.hooks.ap2t import KlienAp2t
from ap2t.hooks.kontrak import HasilBatch
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.kiriman import HasilKirim
from ap2t.ledger.persetujuan import Persetujuan, yang_dikembalikan
from ap2t.proses.cuplik import beda_teks
from ap2t.proses.kembalikan import kembalikan
from ap2t.proses.kirim import Pengirim, catat_hasil
from ap2t.proses.layanan import Langkah
from ap2t.proses.wewenang import pastikan_masih
from ap2t.source.salinan import Terbaca


class Pandangan(NamedTuple):
    """One look at the source: the rows that are as they were approved, and what became of the others."""

    tetap: list[BarisKirim]
    berubah: list[HasilKirim]


class PengirimPosting(Pengirim[BarisKirim]):
    """Posts readings. Each batch looks once more at the source."""

    kata, tugas, tetap = "Posting", "posting_ap2t", 0

    def __init__(self, langkah: Langkah, **pilihan: Any) -> None:
        super().__init__(langkah, **pilihan)
        self.zona = ZoneInfo(self.sesi.zona_waktu)
        self.kembali: list[str] = []

    def _rencana(self, tx: Transaksi, jawaban: list[Persetujuan]) -> tuple[int, str]:
        self.kembali = yang_dikembalikan(jawaban)
        kembali = len(self.kembali) - tx.cuplikan.ditahan(self.sesi, self.kembali)
        total = int(tx.cuplikan.angka_rekap(self.sesi)["hasil"]["lolos"]) - kembali
        return total, f"; {ribuan(kembali)} dikembalikan pengesah dan tidak dikirim" if kembali else ""

    def _berikut(self, tx: Transaksi, sesudah: str) -> list[BarisKirim]:
        return tx.kiriman.berikut(self.sesi, sesudah, self.kembali, self.ukuran)

    def _isi_permintaan(self, baris: list[BarisKirim]) -> dict[str, object]:
        sesi = self.sesi
        return {
            **sesi.tempat._asdict(),
            "no_pengesahan": sesi.nomor,
            "baris": [baris_posting(satu, satu.kwh, satu.jam_nyala, self.zona) for satu in baris],
        }

    def _kirim_sekali(self, klien: KlienAp2t, kunci: str, isi: dict[str, object]) -> HasilBatch:
        return klien.kirim_posting(kunci, isi)

    def _pastikan_tetap(self, baris: list[BarisKirim]) -> None:
        if self._lihat_sumber(baris).berubah:
            raise Ap2tTidakPasti("ada bacaan yang berubah di ACMT selagi menunggu AP2T.")

    def _yang_tetap(self, baris: list[BarisKirim]) -> list[BarisKirim]:
        """Leave out every row that changed at the source since the snapshot, by name (invariant 2)."""
        dilihat = self._lihat_sumber(baris)
        if dilihat.berubah:
            catat_hasil(self.langkah, JenisJejak.BERUBAH_DI_SUMBER, None, dilihat.berubah)
        return dilihat.tetap

    def _lihat_sumber(self, baris: list[BarisKirim]) -> Pandangan:
        """Look at the approvers and the readings as they are now.

        :raises WewenangKurang: an approver no longer holds the role (invariant 1).
        """
        sesi, sumber = self.sesi, self.layanan.sumber
        orang = sumber.petugas(sesi.unitup)
        petugas = PetugasUnit(sesi.unitup, orang)
        pastikan_masih(self.layanan, sesi, orang, self.para_pengesah)
        sekarang = self.layanan.sekarang()
        awal, akhir = baris[0].idpel, baris[-1].idpel
        with self.buku.transaksi() as tx:
            lama = tx.cuplikan.teks(sesi, awal, akhir)
        kini: dict[str, list[Terbaca]] = {}
        for bagian in sumber.salin(*sesi.tempat, dari=awal, sampai=akhir):
            for terbaca in bagian:
                kini.setdefault(terbaca[0].idpel, []).append(terbaca)
        dilihat = Pandangan([], [])
        for satu in baris:
            sebab = _sebab_berubah(lama[satu.idpel], kini.get(satu.idpel, []), petugas, sekarang)
            if sebab:
                dilihat.berubah.append(HasilKirim(satu.idpel, StatusHasil.BERUBAH, *sebab))
            else:
                dilihat.tetap.append(satu)
        return dilihat


def posting_ap2t(langkah: Langkah, *, ukuran: int, serentak: int) -> None:
    """Post the session's approved rows. Then ACMT is told whom the approvers sent back, so that it holds nothing up.

    :param ukuran: rows of a batch. :param serentak: batches in flight at once.
    :raises LewatiLangkah: there was nothing to approve.
    """
    sesi = langkah.sesi
    if not sesi.sudah(TahapSesi.MENUNGGU_PERSETUJUAN) and sesi.kosong:
        raise LewatiLangkah("Tidak ada pelanggan yang dapat disahkan, jadi tidak ada yang diposting.")
    if sesi.sudah(TahapSesi.TERPOSTING):
        langkah.lapor("Posting sesi ini sudah selesai sebelumnya; tidak ada yang dikirim.")
    else:
        PengirimPosting(langkah, ukuran=ukuran, serentak=serentak).kirim_semua()
    kembalikan(langkah)


def _sebab_berubah(
    lama: bytes, kini: list[Terbaca], petugas: PetugasUnit, sekarang: datetime
) -> tuple[str, str] | None:
    """Say (kode, pesan) why a row may not go as it was approved. None: it is as it was."""
    if not kini:
        return SebabBerubah.TIDAK_ADA_LAGI, "hilang dari kelompok ini di ACMT"
    if len(kini) > 1:
        return SebabBerubah.BERUBAH_DI_ACMT, f"ada {len(kini)} baris pelanggan ini di ACMT"
    if kolom := beda_teks(lama, kini[0]):
        return SebabBerubah.BERUBAH_DI_ACMT, ", ".join(kolom)
    if not siap_penuh(kini[0][0], petugas, sekarang):
        return SebabBerubah.STEMPEL_TIDAK_SAH, "verifikasi atau pengiriman gugur"
    return None
