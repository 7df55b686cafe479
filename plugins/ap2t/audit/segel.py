"""Makes the daily seal: the head of the trail, written down outside the database (invariant 6)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from ap2t import jam
from ap2t.audit import folder_segel
from ap2t.audit.folder_segel import IsiFolder, Segel
from ap2t.domain.kode import JenisJejak
from ap2t.domain.teks import hari, ribuan
from ap2t.galat import SegelTidakSah
from ap2t.ledger.buku import Transaksi
from ap2t.proses.layanan import Lapor, Layanan


def segel_harian(layanan: Layanan, folder: Path, lapor: Lapor, *, paksa: bool = False) -> Segel | None:
    """Write today's seal (Jakarta's day) unless it is there.

    The entry SEGEL_DIBUAT is written first and covered by the seal. Where a crash came between entry and file, the
    line that is missing is written now.

    :param paksa: write one even if today has one. :return: the seal, or None where there was nothing to do.
    :raises SegelTidakSah: folder and trail do not fit together, or the folder cannot be written.
    """
    with folder_segel.terkunci(folder):
        isi = folder_segel.baca_segel(folder)
        if isi.rusak:
            raise SegelTidakSah(
                f"Segel di {folder} rusak: {isi.rusak}. Tidak ada yang ditulis. Simpan salinannya sebagai bukti, "
                "periksa dengan `ap2t audit verifikasi`, dan pulihkan dari salinan di tempat lain."
            )
        with layanan.buku.transaksi() as tx:
            tx.jalankan("segel_kunci")
            buku = str(tx.jalankan("identitas").scalar_one())
            disebut = tx.jalankan("segel_terakhir").one_or_none()
            isi = _pastikan_sejalan(tx, folder, isi, buku, disebut, lapor)
            if isi.akhir is not None and not paksa and hari(isi.akhir.saat) == hari(jam.sekarang()):
                return None
            pada, ke = jam.sekarang(), len(isi.segel) + 1
            catatan = {
                "ke": ke,
                "dibuat": _saat(pada),
                "berkas": folder_segel.nama_berkas(hari(pada).year),
                "sebelum": isi.sidik_akhir,
                "buku": buku,
                "ikatan": _ikat(tx, 0 if disebut is None else int(disebut.terikat)),
            }
            tx.jejak.catat(JenisJejak.SEGEL_DIBUAT, catatan)
            kepala = tx.jejak.kepala()
        with layanan.buku.transaksi() as tx:
            baru = _buat(tx, ke, pada, buku, kepala.nomor, kepala.sidik, isi.sidik_akhir)
        berkas = folder_segel.tambah_segel(folder, hari(pada).year, baru)
    lapor(f"Segel ke-{ke} ditulis ke {berkas}: {ribuan(baru.jejak)} jejak, sidik {baru.sidik}.")
    return baru


def _saat(pada: datetime) -> str:
    return pada.astimezone(UTC).isoformat(timespec="seconds")


def _buat(tx: Transaksi, ke: int, pada: datetime, buku: str, jejak: int, sidik: str, sebelum: str) -> Segel:
    jumlah = int(tx.jalankan("jejak_jumlah", sampai=jejak).scalar_one())
    return Segel(ke, _saat(pada), buku, jejak, sidik, jumlah, sebelum)


def _ikat(tx: Transaksi, sesudah: int) -> dict[str, Any]:
    """Bind the entries since the seal before, group by group: a unit is then proven without the nation's trail.

    Entries that arrive meanwhile are bound by the next seal.
    """
    sampai = tx.jejak.kepala().nomor
    sidik = {baris.kelompok: baris.sidik for baris in tx.jalankan("segel_ikatan", sesudah=sesudah, sampai=sampai)}
    return {"sesudah": sesudah, "sampai": sampai, "sidik": sidik}


def _pastikan_sejalan(
    tx: Transaksi, folder: Path, isi: IsiFolder, buku: str, disebut: Row[Any] | None, lapor: Lapor
) -> IsiFolder:
    """Check that folder and trail tell of the same seals, and write the one line that a crash may have left out."""
    if isi.akhir is not None and isi.akhir.buku != buku:
        raise SegelTidakSah(
            f"Folder {folder} memuat segel buku lain ({isi.akhir.buku}; buku ini {buku}). Arahkan AP2T_SEGEL_DIR ke "
            "folder milik buku ini."
        )
    ada, perlu = len(isi.segel), 0 if disebut is None else int(disebut.ke)
    if ada == perlu:
        return isi
    if disebut is not None and ada == perlu - 1 and disebut.sebelum == isi.sidik_akhir:
        return _susulkan(tx, folder, isi, buku, disebut, lapor)
    sebab = (
        f"jejak menyebut {perlu} segel, folder {folder} memuat {ada}. Pastikan AP2T_SEGEL_DIR menunjuk folder yang "
        "sama di semua mesin, dan pulihkan berkas yang hilang dari salinannya"
        if ada < perlu
        else f"folder {folder} memuat {ada} segel, jejak hanya menyebut {perlu}: jejak mungkin dipotong"
    )
    raise SegelTidakSah(f"Segel dan jejak tidak sejalan: {sebab}. Periksa dengan `ap2t audit verifikasi`.")


def _susulkan(tx: Transaksi, folder: Path, isi: IsiFolder, buku: str, disebut: Row[Any], lapor: Lapor) -> IsiFolder:
    tahun = folder_segel.NAMA.fullmatch(disebut.berkas)
    if tahun is None:
        raise SegelTidakSah(f"Jejak nomor {disebut.jejak} menyebut berkas segel {disebut.berkas!r} yang tidak dikenal.")
    segel = _buat(tx, disebut.ke, disebut.pada, buku, disebut.jejak, disebut.sidik, disebut.sebelum)
    berkas = folder_segel.tambah_segel(folder, int(tahun[1]), segel)
    lapor(f"Segel ke-{segel.ke} tercatat dalam jejak tetapi belum sempat ditulis; disusulkan ke {berkas}.")
    return IsiFolder((*isi.segel, segel), None)
