"""Step 7: post the approved readings to AP2T, each exactly once (invariants 1 to 4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ap2t import metrik as ukuran
from ap2t.domain.kesiapan import siap_penuh
from ap2t.domain.kontrak import baris_posting
from ap2t.domain.stempel import PetugasUnit
from ap2t.domain.teks import ribuan
from ap2t.galat import Ap2tTidakPasti, LewatiLangkah
from ap2t.hooks.ap2t import KlienAp2t
from ap2t.hooks.kontrak import HasilBatch
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.kiriman import BarisKirim, Hasil
from ap2t.ledger.persetujuan import Persetujuan, yang_dikembalikan
from ap2t.ledger.sesi import Sesi
from ap2t.proses.cuplik import beda_teks
from ap2t.proses.kembalikan import kembalikan
from ap2t.proses.kirim import Pengirim
from ap2t.proses.layanan import Langkah, Lapor, Layanan
from ap2t.proses.wewenang import pastikan_masih
from ap2t.source.salinan import Terbaca


class PengirimPosting(Pengirim[BarisKirim]):
    """Posts readings; each batch looks once more at the source."""

    kata, tugas, tetap = "Posting", "posting_ap2t", 0

    def __init__(self, *a: Any, **isi: Any) -> None:
        super().__init__(*a, **isi)
        self.zona = ZoneInfo(self.sesi.zona_waktu)
        self.kembali: list[str] = []

    def _rencana(self, tx: Transaksi, jawaban: list[Persetujuan]) -> tuple[int, str]:
        self.kembali = yang_dikembalikan(jawaban)
        kembali = len(self.kembali) - tx.cuplikan.ditahan(self.sesi, self.kembali)
        total = int(tx.cuplikan.angka_rekap(self.sesi)["hasil"]["lolos"]) - kembali
        return total, f"; {ribuan(kembali)} dikembalikan pengesah dan tidak dikirim" if kembali else ""

    def _berikut(self, tx: Transaksi, sesudah: str) -> list[BarisKirim]:
        return tx.kiriman.berikut(self.sesi, sesudah, self.kembali, self.ukuran)

    def _isi(self, baris: list[BarisKirim]) -> dict[str, object]:
        sesi = self.sesi
        return {
            "unitup": sesi.unitup,
            "thblrek": sesi.thblrek,
            "hari_baca": sesi.hari_baca,
            "no_pengesahan": sesi.nomor,
            "baris": [baris_posting(baris.bacaan, baris.kwh, baris.jam_nyala, self.zona) for baris in baris],
        }

    def _kirim_satu(self, klien: KlienAp2t, kunci: str, isi: dict[str, object]) -> HasilBatch:
        return klien.kirim_posting(kunci, isi)

    def _pastikan_tetap(self, baris: list[BarisKirim]) -> None:
        if self._lihat_sumber(baris)[1]:
            raise Ap2tTidakPasti("ada bacaan yang berubah di ACMT selagi menunggu AP2T.")

    def _tetap_sama(self, baris: list[BarisKirim]) -> list[BarisKirim]:
        """Leave out every row that changed at the source since the snapshot, by name (invariant 2)."""
        tetap, beda = self._lihat_sumber(baris)

        def catat(tx: Transaksi) -> dict[str, Any]:
            tx.sesi.pegang(self.sesi)
            isi = tx.kiriman.catat_hasil(self.sesi, None, beda)
            tx.jejak.catat("BERUBAH_DI_SUMBER", isi, sesi_id=self.sesi.id)
            return isi

        if beda:
            ukuran.tambah_semua("baris", self.layanan.buku.ulang(catat)["jumlah"])
        return tetap

    def _lihat_sumber(self, baris: list[BarisKirim]) -> tuple[list[BarisKirim], list[Hasil]]:
        """Look at the approvers and the readings as they are now; return the rows that stand, and why others do not.

        :raises WewenangKurang: an approver no longer holds the role (invariant 1).
        """
        sesi, sumber = self.sesi, self.layanan.sumber
        orang = sumber.petugas(sesi.unitup)
        petugas = PetugasUnit(sesi.unitup, orang)
        pastikan_masih(self.layanan, sesi, orang, self.para_pengesah)
        sekarang = self.layanan.sekarang()
        awal, akhir = baris[0].idpel, baris[-1].idpel
        with self.layanan.buku.transaksi() as tx:
            lama = tx.cuplikan.teks(sesi, awal, akhir)
        kini: dict[str, list[Terbaca]] = {}
        for bagian in sumber.salin(sesi.unitup, sesi.thblrek, sesi.hari_baca, dari=awal, sampai=akhir):
            for bacaan in bagian:
                kini.setdefault(bacaan[0].idpel, []).append(bacaan)
        tetap: list[BarisKirim] = []
        beda: list[Hasil] = []
        for baris_ini in baris:
            sebab = _sebab_berubah(lama[baris_ini.idpel], kini.get(baris_ini.idpel, []), petugas, sekarang)
            if sebab:
                beda.append(Hasil(baris_ini.idpel, "BERUBAH", *sebab))
            else:
                tetap.append(baris_ini)
        return tetap, beda


def posting_ap2t(layanan: Layanan, sesi: Sesi, lapor: Lapor, *, ukuran: int, serentak: int) -> Sesi:
    """Post the session's approved rows; return the session as it stands afterwards.

    Then ACMT is told whom the approvers sent back: after the others were posted, so that it cannot hold them up.

    :raises LewatiLangkah: there was nothing to approve.
    """
    if not sesi.sudah("MENUNGGU_PERSETUJUAN") and (sesi.rekap or {}).get("hasil", {}).get("lolos") == 0:
        raise LewatiLangkah("Tidak ada pelanggan yang dapat disahkan, jadi tidak ada yang diposting.")
    if sesi.sudah("TERPOSTING"):
        lapor("Posting sesi ini sudah selesai sebelumnya; tidak ada yang dikirim.")
    else:
        pengirim = PengirimPosting(layanan, sesi, lapor, ukuran=ukuran, serentak=serentak)
        pengirim.jalankan()
        sesi = pengirim.sesi
    kembalikan(Langkah(layanan, sesi, lapor))
    return sesi


def _sebab_berubah(
    lama: bytes, kini: list[Terbaca], petugas: PetugasUnit, sekarang: datetime
) -> tuple[str, str] | None:
    """Say (kode, pesan) why a row may not go as it was approved; ``None`` if it is as it was."""
    if not kini:
        return "TIDAK_ADA_LAGI", "hilang dari kelompok ini di ACMT"
    if len(kini) > 1:
        return "BERUBAH_DI_ACMT", f"ada {len(kini)} baris pelanggan ini di ACMT"
    if kolom := beda_teks(lama, kini[0]):
        return "BERUBAH_DI_ACMT", ", ".join(kolom)
    if not siap_penuh(kini[0][0], petugas, sekarang):
        return "STEMPEL_TIDAK_SAH", "verifikasi atau pengiriman gugur"
    return None
