"""Cancel approvals in AP2T, each exactly once, with the same discipline as posting; then compare, and close."""

from __future__ import annotations

from typing import Any

from ap2t.galat import BukuMenolak, LewatiLangkah
from ap2t.hooks.ap2t import KlienAp2t
from ap2t.hooks.kontrak import BarisAp2t, HasilBatch
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.cuplikan import POTONG
from ap2t.ledger.luar import DiAp2t, Pembanding
from ap2t.ledger.pembatalan import BarisKirim
from ap2t.ledger.persetujuan import Jawaban
from ap2t.ledger.sesi import Sesi
from ap2t.proses.kirim import Pengirim
from ap2t.proses.layanan import Lapor, Layanan
from ap2t.proses.rekonsiliasi import Temuan, catat_temuan
from ap2t.proses.wewenang import pastikan_masih

DIBATALKAN = ("BATAL", "BELUM_POSTING")


class PengirimPembatalan(Pengirim[BarisKirim]):
    """Cancels; each batch looks at the approver's role once more. What changed meanwhile AP2T refuses, by row."""

    kata, tugas, tetap = "Pembatalan", "batalkan_ap2t", 1
    alasan = ""

    def _rencana(self, tx: Transaksi, jawaban: list[Jawaban]) -> tuple[int, str]:
        self.alasan = tx.pembatalan.ambil(self.sesi).alasan
        return int(tx.pembatalan.angka(self.sesi)["hasil"]["lolos"]), ""

    def _berikut(self, tx: Transaksi, sesudah: str) -> list[BarisKirim]:
        return tx.pembatalan.berikut(self.sesi, sesudah, self.ukuran)

    def _isi(self, baris: list[BarisKirim]) -> dict[str, object]:
        return isi_pembatalan(self.sesi._asdict(), self.alasan, [r._asdict() for r in baris])

    def _kirim_satu(self, klien: KlienAp2t, kunci: str, isi: dict[str, object]) -> HasilBatch:
        return klien.kirim_pembatalan(kunci, isi)

    def _tetap_sama(self, baris: list[BarisKirim]) -> list[BarisKirim]:
        self._pastikan_tetap(baris)
        return baris

    def _pastikan_tetap(self, baris: list[BarisKirim]) -> None:
        orang = self.layanan.sumber.petugas(self.sesi.unitup)
        pastikan_masih(self.layanan, self.sesi, orang, self.para_pengesah)


def isi_pembatalan(s: dict[str, Any], alasan: str, baris: list[dict[str, Any]]) -> dict[str, object]:
    """Return the body of a batch: of the session unit, month, kelompok and number, and the approvals to undo."""
    return {
        "unitup": s["unitup"],
        "thblrek": s["thblrek"],
        "hari_baca": s["hari_baca"],
        "no_pembatalan": s["nomor"],
        "alasan": alasan,
        "baris": baris,
    }


def batalkan_ap2t(layanan: Layanan, s: Sesi, lapor: Lapor, *, ukuran: int, serentak: int) -> Sesi:
    """Cancel what the ledger says is approved for it; return the session as it stands afterwards.

    :raises LewatiLangkah: there was nothing to cancel.
    """
    if not s.sudah("MENUNGGU_PERSETUJUAN") and s.kosong:
        raise LewatiLangkah("Tidak ada pelanggan yang dapat dibatalkan, jadi tidak ada yang dikirim.")
    if s.sudah("TERPOSTING"):
        lapor("Pembatalan sesi ini sudah selesai dikirim sebelumnya; tidak ada yang dikirim.")
        return s
    pengirim = PengirimPembatalan(layanan, s, lapor, ukuran=ukuran, serentak=serentak)
    pengirim.jalankan()
    return pengirim.sesi


# ------------------------------------------------------------------------------------------------- reconciliation


def rekonsiliasi_pembatalan(layanan: Layanan, s: Sesi, lapor: Lapor) -> Sesi:
    """Compare AP2T's list with every row of the cancellation; return the session at stage COCOK.

    A cancelled row is at 0 now, or others approved it again meanwhile: recorded DILUAR_SISTEM and listed. So is a row
    that AP2T refused because others had changed it.

    :raises BukuMenolak: a row disagrees; the message names the first ones.
    """
    if not s.sudah("TERPOSTING"):
        raise BukuMenolak(
            f"Pembatalan sesi {s.nomor} belum selesai dikirim (tahap {s.tahap}); menandainya berhasil di Airflow tidak "
            "cukup. Ulangi (clear) tugas batalkan_ap2t."
        )
    temuan = _bandingkan(layanan, s)
    return catat_temuan(layanan, s, temuan, "disahkan lagi di AP2T", lapor)


def _bandingkan(layanan: Layanan, s: Sesi) -> Temuan:
    """Walk both lists together; each is in ascending idpel order. AP2T's other rows are not this session's business."""
    with layanan.buku.transaksi() as tx:
        temuan = Temuan(Pembanding(tx, s))
    ap2t = iter(layanan.ap2t_baca().daftar(s.unitup, s.thblrek, s.hari_baca))
    a = next(ap2t, None)
    for b in layanan.buku.halaman("pembatalan_rekonsiliasi", POTONG, sesi_id=s.id):
        while a is not None and a.idpel < b["idpel"]:
            a = next(ap2t, None)
        if b["hasil"] == "BOLEH":
            _satu(b, a if a is not None and a.idpel == b["idpel"] else None, temuan)
    return temuan


def _satu(b: Any, a: BarisAp2t | None, temuan: Temuan) -> None:
    idpel = b["idpel"]
    if b["status"] is None:
        temuan.beda.append(f"{idpel} (disetujui untuk dibatalkan tetapi tidak pernah dikirim)")
    elif a is None:
        if b["kode"] == "IDPEL_TIDAK_DIKENAL":
            temuan.lain.beda(idpel, DiAp2t(0))  # AP2T says so twice: what our approval posted is not there any more
        else:
            temuan.beda.append(f"{idpel} (tidak ada lagi dalam daftar AP2T)")
    elif b["status"] in DIBATALKAN:
        _dibatalkan(b, a, temuan)
    elif not a.kodeposting or a.no_pengesahan not in (None, b["no_pengesahan"]):
        temuan.lain.beda(idpel, _di_ap2t(a))  # refused, and cancelled or approved anew by others
    else:
        temuan.lain.sama(idpel, _di_ap2t(a))
        temuan.cocok += 1


def _dibatalkan(b: Any, a: BarisAp2t, temuan: Temuan) -> None:
    if not a.kodeposting:
        temuan.lain.sama(b["idpel"], _di_ap2t(a))
        temuan.cocok += 1
        return
    dilihat = temuan.lain.beda(b["idpel"], _di_ap2t(a))
    # AP2T said that it was cancelled. Still there under the number that was undone, or at 1 under none that it shows
    # (the contract leaves it optional): nothing tells that others approved it again, so a person has to look once
    nomor = "dengan nomor yang sama" if a.no_pengesahan == b["no_pengesahan"] else "dan tidak menunjukkan nomornya"
    tanpa_nomor = a.no_pengesahan is None and a.kodeposting == 1
    if (a.no_pengesahan == b["no_pengesahan"] or tanpa_nomor) and not dilihat:
        temuan.beda.append(f"{b['idpel']} (buku: dibatalkan, AP2T: masih disahkan {nomor})")


def _di_ap2t(a: BarisAp2t) -> DiAp2t:
    return DiAp2t(a.kodeposting, a.no_pengesahan, a.oleh, a.waktu)
