"""``ap2t arsip``: let old readings leave the ledger for files that prove themselves, and check those files.

Exit code 0 where all holds, 1 where something does not, 2 for wrong usage.
"""

from __future__ import annotations

import getpass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from ap2t import setelan
from ap2t.cli.audit import FolderSegel, cetak_laporan
from ap2t.cli.keluaran import tabel
from ap2t.cli.umum import Unitup, buka_layanan, buka_lihat, kabar, tempat_dikenal
from ap2t.domain.kontrak import periksa_thblrek
from ap2t.domain.teks import ZONA_PUSAT, ribuan, satu_baris
from ap2t.galat import MasukanTidakSah
from ap2t.kelola.arsip import Pengarsip, Ringkas, akhiri, batas_bulan, pastikan_bulan, periksa_arsip
from ap2t.ledger.arsip import TENANG_HARI, Calon
from ap2t.ledger.skema import mesin_pemilik

arsip_app = typer.Typer(
    no_args_is_help=True, help="Arsip: bacaan lama keluar dari buku ke berkas tersendiri, dan berkasnya diperiksa."
)

Sampai = Annotated[
    str | None, typer.Option(help="Bulan rekening terbaru yang diarsipkan, TTTTBB; kosong: yang paling baru boleh.")
]
Tenang = Annotated[
    int, typer.Option(help="Hari sejak sesi terakhir unit dan bulan itu berakhir; sebelum itu bacaannya tetap.", min=0)
]
Folder = Annotated[Path | None, typer.Option("--folder", help="Folder arsip; bawaan AP2T_ARSIP_DIR.", file_okay=False)]


def folder_arsip(folder: Path | None) -> Path:
    """Return the archive's folder, or raise MasukanTidakSah where none is named."""
    folder = folder or setelan.arsip_dir()
    if folder is None:
        raise MasukanTidakSah("Folder arsip belum disebut: isi --folder atau AP2T_ARSIP_DIR.")
    return folder


def _hari_ini() -> date:
    return datetime.now(ZoneInfo(ZONA_PUSAT)).date()


def _bulan_terakhir(sampai: str | None) -> str:
    if sampai is None:
        return batas_bulan(_hari_ini())
    pastikan_bulan(periksa_thblrek(sampai), _hari_ini())
    return sampai


@arsip_app.command("rencana")
def rencana(sampai: Sampai = None, unitup: Unitup = None, tenang: Tenang = TENANG_HARI) -> None:
    """Bacaan mana yang dapat diarsipkan, tiap bulan dan unit, dan apa yang menghalangi; tidak mengubah apa pun."""
    with buka_lihat() as layanan:
        sampai, unit = _bulan_terakhir(sampai), tempat_dikenal(layanan, unitup)
        with layanan.buku.transaksi() as tx:
            semua = tx.arsip.calon(sampai, unit, tenang)
    per_bulan: dict[tuple[str, str], list[Calon]] = {}
    for calon in semua:
        per_bulan.setdefault((calon.thblrek, calon.unitup), []).append(calon)
    tabel(
        [
            {
                "bulan": bulan,
                "unit": unit,
                "sesi": len(isi),
                "bacaan": ribuan(sum(calon.baris for calon in isi)),
                "halangan": isi[0].halangan or "",
            }
            for (bulan, unit), isi in per_bulan.items()
        ]
    )
    boleh = [calon for calon in semua if not calon.halangan]
    bacaan = sum(calon.baris for calon in boleh)
    typer.echo(f"Sampai {sampai}: {ribuan(len(boleh))} sesi, {ribuan(bacaan)} bacaan dapat diarsipkan.")


@arsip_app.command("jalankan")
def jalankan_arsip(
    sampai: Annotated[str, typer.Option(help="Bulan rekening terbaru yang diarsipkan, TTTTBB.")],
    alasan: Annotated[str, typer.Option(help="Dasar pengarsipan, paling sedikit 10 huruf; tercatat pada jejak.")],
    unitup: Unitup = None,
    folder: Folder = None,
    segel: FolderSegel = None,
    batas: Annotated[int | None, typer.Option(help="Paling banyak berapa sesi kali ini.", min=1)] = None,
    tenang: Tenang = TENANG_HARI,
) -> None:
    """Arsipkan: tiap sesi diperiksa, ditulis, dibaca lagi, lalu bacaannya keluar (memakai AP2T_LEDGER_OWNER_URL)."""
    with buka_lihat() as layanan:
        ke, bulan, unit = folder_arsip(folder), _bulan_terakhir(sampai), tempat_dikenal(layanan, unitup)
        pengarsip = Pengarsip(layanan.buku, mesin_pemilik(), ke, segel or setelan.segel_dir(), kabar, tenang)
        hasil = pengarsip.jalankan(bulan, unit, getpass.getuser(), alasan, batas)
    _cetak_ringkas(hasil, ke)
    raise typer.Exit(1 if hasil.gagal else 0)


def _cetak_ringkas(ringkas: Ringkas, ke: Path) -> None:
    for halangan in ringkas.halangan:
        typer.echo(satu_baris(f"DILEWATI {halangan}"))
    for gagal in ringkas.gagal:
        typer.echo(satu_baris(f"GAGAL {gagal}"))
    typer.echo(
        f"{ribuan(ringkas.sesi)} sesi, {ribuan(ringkas.baris)} bacaan diarsipkan ke {ke} ({ribuan(ringkas.byte)} byte)."
    )
    if ringkas.sesi:
        kabar("Bacaan itu kini hanya ada di folder arsip: cadangkan, lalu segel jejak (`ap2t audit segel`).")


@arsip_app.command("akhiri")
def akhiri_sesi(
    nomor: Annotated[str, typer.Argument(help="Nomor sesi yang TERHENTI dan ditinggalkan, PS-… atau PB-….")],
    alasan: Annotated[
        str, typer.Option(help="Mengapa tidak dilanjutkan, paling sedikit 10 huruf; tercatat pada jejak.")
    ],
) -> None:
    """Akhiri sesi lama yang ditinggalkan TERHENTI, agar bulannya dapat diarsipkan; batch di jalan dipastikan dahulu."""
    with buka_layanan() as layanan:
        akhiri(layanan, nomor, getpass.getuser(), alasan, _hari_ini(), kabar)


@arsip_app.command("periksa")
def periksa_folder(folder: Folder = None, unitup: Unitup = None, segel: FolderSegel = None) -> None:
    """Cocokkan tiap berkas arsip dengan buku: sidik, jejak dan segelnya, saringan, dan semua sidik di dalamnya."""
    with buka_lihat() as layanan:
        unit = tempat_dikenal(layanan, unitup)
        laporan = periksa_arsip(layanan.buku, folder_arsip(folder), segel or setelan.segel_dir(), unit, kabar)
    cetak_laporan(laporan, "diarsipkan")
