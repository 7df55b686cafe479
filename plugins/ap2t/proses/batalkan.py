"""Cancel approvals in AP2T, each exactly once, with the same discipline as posting. Then compare."""

from __future__ import annotations

from typing import Any

from ap2t.domain.kode import HasilBatal, SebabBatal, StatusHasil
from ap2t.domain.model import Tempat
from ap2t.hooks.ap2t import Badan, KlienAp2t
from ap2t.hooks.kontrak import BarisAp2t, HasilBatch
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.kiriman import HasilKirim
from ap2t.ledger.luar import DiAp2t
from ap2t.ledger.pembatalan import BarisDibatalkan, BarisKirimBatal
from ap2t.ledger.persetujuan import Persetujuan
from ap2t.proses.cuplik import menurut_ap2t
from ap2t.proses.kirim import Pengirim
from ap2t.proses.layanan import Langkah
from ap2t.proses.rekonsiliasi import Temuan, catat_temuan, gandeng, mulai_banding
from ap2t.proses.wewenang import pastikan_masih

DIBATALKAN = (StatusHasil.BATAL, StatusHasil.BELUM_POSTING)


class PengirimPembatalan(Pengirim[BarisKirimBatal]):
    """Cancels approvals. What changed in AP2T meanwhile AP2T itself refuses, row by row."""

    kata, tetap = "Pembatalan", 1
    alasan = ""

    def _rencana(self, tx: Transaksi, jawaban: list[Persetujuan]) -> tuple[int, str]:
        self.alasan = tx.pembatalan.ambil(self.sesi).alasan
        return self.sesi.hasil_rekap["lolos"], ""

    def _berikut(self, tx: Transaksi, sesudah: str) -> list[BarisKirimBatal]:
        tx.jalankan("kirim_rencana")
        nilai = {"sesi_id": self.sesi.id, "sesudah": sesudah, "batas": self.ukuran}
        return tx.semua_baris(BarisKirimBatal, "pembatalan_berikut", **nilai)

    def _badan(self, baris: list[BarisKirimBatal]) -> Badan:
        return Badan.dari(isi_pembatalan(self.sesi._asdict(), self.alasan, [satu._asdict() for satu in baris]))

    def _kirim_sekali(self, klien: KlienAp2t, kunci: str, badan: Badan) -> HasilBatch:
        return klien.kirim_pembatalan(kunci, badan)

    def _berubah(self, baris: list[BarisKirimBatal]) -> list[HasilKirim]:
        orang = self.layanan.sumber.petugas(self.sesi.unitup)
        pastikan_masih(self.layanan, self.sesi, orang, self.para_pengesah)
        return []


def isi_pembatalan(isi: dict[str, Any], alasan: str, baris: list[dict[str, Any]]) -> dict[str, object]:
    """Return the body of a batch by the session's values: where, under which number, why, and the approvals to undo."""
    tempat = {nama: isi[nama] for nama in Tempat._fields}
    return tempat | {"no_pembatalan": isi["nomor"], "alasan": alasan, "baris": baris}


def batalkan_ap2t(langkah: Langkah, *, ukuran: int, serentak: int) -> None:
    """Cancel what the ledger says is approved for it, ``ukuran`` rows a batch, ``serentak`` batches at once.

    :raises LewatiLangkah: there was nothing to cancel.
    """
    PengirimPembatalan(langkah, ukuran=ukuran, serentak=serentak).kirim_semua()


def rekonsiliasi_pembatalan(langkah: Langkah) -> None:
    """Compare AP2T's list with every row of the cancellation, and move the session to COCOK.

    A cancelled row is at 0 now, or others approved it again meanwhile. The latter is recorded DILUAR_SISTEM and listed,
    as is a row that AP2T refused because others had changed it. AP2T's other rows are not this session's business.

    :raises BukuMenolak: a row disagrees; the message names the first ones.
    """
    temuan = mulai_banding(langkah)
    if temuan is None:
        return
    for baris, di_ap2t in gandeng(langkah, BarisDibatalkan, "pembatalan_rekonsiliasi"):
        if baris is not None and baris.hasil == HasilBatal.BOLEH:
            _banding(baris, di_ap2t, temuan)
    catat_temuan(langkah, temuan, "disahkan lagi di AP2T")


def _banding(baris: BarisDibatalkan, di_ap2t: BarisAp2t | None, temuan: Temuan) -> None:
    idpel = baris.idpel
    if baris.status is None:
        temuan.beda.append(f"{idpel} (disetujui untuk dibatalkan tetapi tidak pernah dikirim)")
    elif di_ap2t is None:
        if baris.kode == SebabBatal.IDPEL_TIDAK_DIKENAL:
            temuan.lain.beda(idpel, DiAp2t(0))  # AP2T says so twice: what our approval posted is not there any more
        else:
            temuan.beda.append(f"{idpel} (tidak ada lagi dalam daftar AP2T)")
    elif baris.status in DIBATALKAN:
        _dibatalkan(baris, di_ap2t, temuan)
    elif not di_ap2t.kodeposting or di_ap2t.no_pengesahan not in (None, baris.no_pengesahan):
        temuan.lain.beda(idpel, menurut_ap2t(di_ap2t))  # refused, and cancelled or approved anew by others
    else:
        temuan.cocokkan(idpel, di_ap2t)


def _dibatalkan(baris: BarisDibatalkan, di_ap2t: BarisAp2t, temuan: Temuan) -> None:
    if not di_ap2t.kodeposting:
        temuan.cocokkan(baris.idpel, di_ap2t)
        return
    dilihat = temuan.lain.beda(baris.idpel, menurut_ap2t(di_ap2t))
    # AP2T said that it was cancelled. Still there under the number that was undone, or at 1 under none that it shows
    # (the contract leaves it optional): nothing tells that others approved it again, so a person has to look once
    sama = di_ap2t.no_pengesahan == baris.no_pengesahan
    tanpa_nomor = di_ap2t.no_pengesahan is None and di_ap2t.kodeposting == 1
    if (sama or tanpa_nomor) and not dilihat:
        nomor = "dengan nomor yang sama" if sama else "dan tidak menunjukkan nomornya"
        temuan.beda.append(f"{baris.idpel} (buku: dibatalkan, AP2T: masih disahkan {nomor})")
