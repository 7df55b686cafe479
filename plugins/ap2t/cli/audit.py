"""``ap2t audit``: seal the trail, prove that it holds, hand one session's file out, check such a file.

Exit code 0 where all holds, 1 where something does not, 2 for wrong usage.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from ap2t import setelan
from ap2t.audit.berkas.periksa import periksa_berkas
from ap2t.audit.berkas.tulis import tulis_berkas
from ap2t.audit.kalimat_jejak import entri_terbaca
from ap2t.audit.laporan import Laporan
from ap2t.audit.periksa import Lingkup, verifikasi
from ap2t.audit.segel import segel_harian
from ap2t.cli.keluaran import Format, Ke, PilihFormat, keluarkan
from ap2t.cli.umum import Unitup, buka_layanan, buka_lihat, kabar, tempat_dikenal
from ap2t.domain.teks import ribuan, satu_baris
from ap2t.galat import SegelTidakSah
from ap2t.kelola.arsip import pemeriksa

audit_app = typer.Typer(no_args_is_help=True, help="Jejak: menyegel, memeriksa, dan memberikan berkas satu sesi.")

Tanggal = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="TTTT-BB-HH")]
FolderSegel = Annotated[
    Path | None, typer.Option("--segel", help="Folder segel; bawaan AP2T_SEGEL_DIR.", exists=True, file_okay=False)
]
FolderArsip = Annotated[
    Path | None,
    typer.Option("--arsip", help="Folder arsip bacaan; bawaan AP2T_ARSIP_DIR.", exists=True, file_okay=False),
]
Json = Annotated[bool, typer.Option("--json", help="Keluaran JSON untuk mesin.")]


@audit_app.command("segel")
def segel_jejak(
    paksa: Annotated[bool, typer.Option("--paksa", help="Segel lagi walaupun hari ini sudah.")] = False,
) -> None:
    """Segel jejak sekarang (sekali sehari) dan cetak barisnya; kirimkan atau simpan di tempat lain."""
    with buka_layanan() as layanan:
        folder = setelan.segel_dir()
        if folder is None:
            raise SegelTidakSah("AP2T_SEGEL_DIR belum diisi: tunjuk folder segel, di luar server basis data.")
        baru = segel_harian(layanan, folder, kabar, paksa=paksa)
    if baru is None:
        kabar("Hari ini sudah disegel; pakai --paksa untuk menyegel lagi.")
    else:
        typer.echo(baru.baris)


@audit_app.command("verifikasi")
def verifikasi_buku(
    dari: Tanggal = None,
    sampai: Tanggal = None,
    unitup: Unitup = None,
    folder: FolderSegel = None,
    arsip: FolderArsip = None,
    sebagai_json: Json = False,
) -> None:
    """Periksa rantai jejak, segel, dan semua aturan; sebut tiap hal yang tidak benar. Tanggal menurut WIB."""
    if dari and sampai and dari > sampai:
        raise typer.BadParameter("--dari sesudah --sampai.")
    with buka_lihat() as layanan:
        diarsipkan = arsip or setelan.arsip_dir()
        lingkup = Lingkup(
            dari.date() if dari else None,
            sampai.date() if sampai else None,
            tempat_dikenal(layanan, unitup),
            folder or setelan.segel_dir(),
            pemeriksa(diarsipkan) if diarsipkan else None,
        )
        laporan = verifikasi(layanan.buku, lingkup, kabar)
    cetak_laporan(laporan, sebagai_json=sebagai_json)


def cetak_laporan(laporan: Laporan, apa: str = "diperiksa", *, sebagai_json: bool = False) -> NoReturn:
    """Print the outcome of an audit of sessions (``apa``: how looked at) and end: 0 where all holds, else 1."""
    if sebagai_json:
        typer.echo(json.dumps(laporan.ringkas(), ensure_ascii=False, indent=1))
        raise typer.Exit(0 if laporan.utuh else 1)
    for bagian in laporan.peringatan:
        typer.secho(f"PERINGATAN: {bagian}", err=True, bold=True)
    for temuan in laporan.temuan:
        typer.echo(str(temuan))
    if laporan.jangkar:
        typer.echo(
            f"{ribuan(laporan.jejak)} jejak diperiksa, {laporan.jangkar}; {ribuan(laporan.segel)} segel cocok. "
            f"Kepala: {laporan.kepala}"
        )
    if laporan.kuasa:
        typer.echo(f"Dapat mengubah buku tanpa dihalangi pagarnya: {'; '.join(laporan.kuasa)}. Pastikan memang mereka.")
    typer.echo(f"{ribuan(laporan.sesi)} sesi {apa}.")
    typer.echo(laporan.putusan)
    raise typer.Exit(0 if laporan.utuh else 1)


@audit_app.command("berkas")
def tulis_berkas_sesi(
    nomor: Annotated[str, typer.Argument(help="Nomor sesi, PS-…")],
    ke: Annotated[Path, typer.Option(help="Folder tujuan.", file_okay=False)] = Path(),
    folder: FolderSegel = None,
) -> None:
    """Tulis berkas satu sesi yang berdiri sendiri: JSON untuk diperiksa lagi, HTML untuk dibaca."""
    with buka_lihat() as layanan:
        hasil = tulis_berkas(layanan.buku, nomor, ke, folder or setelan.segel_dir(), kabar)
    typer.echo(f"{hasil.json}\n{hasil.html}")
    typer.echo(f"Sidik berkas: {hasil.sidik}")
    if not hasil.utuh:
        kabar("PERHATIAN: pemeriksaan saat berkas dibuat menemukan hal yang tidak benar; tertulis dalam berkas.")
        raise typer.Exit(1)


@audit_app.command("periksa-berkas")
def periksa_berkas_json(
    berkas_json: Annotated[Path, typer.Argument(metavar="BERKAS.json", exists=True, dir_okay=False)],
) -> None:
    """Hitung ulang semua sidik dalam berkas sesi, tanpa basis data."""
    hasil = periksa_berkas(berkas_json)
    for apa in hasil.temuan:
        typer.echo(satu_baris(f"{hasil.nomor or berkas_json.name} | BERKAS | {apa}"))
    if hasil.temuan:
        typer.echo(f"TIDAK UTUH: {ribuan(len(hasil.temuan))} temuan (lihat di atas).")
        raise typer.Exit(1)
    typer.echo(
        f"UTUH: sesi {hasil.nomor}, {ribuan(hasil.baris)} pelanggan, {ribuan(hasil.jejak)} jejak, {hasil.sidik}."
    )
    kabar(
        "Yang terbukti: isi berkas saling cocok. Bahwa isinya dari buku dan lengkap tidak terbukti dari berkas saja: "
        "samakan sidik di atas dengan yang dicatat saat berkas dibuat, atau ekspor sesinya lagi sesudah "
        "`ap2t audit verifikasi`."
    )


KOLOM_JEJAK = ("id", "pada", "jenis", "pelaku", "kalimat", "isi")
JUDUL_JEJAK = {"id": "No", "pada": "Pada", "jenis": "Jenis", "kalimat": "Yang terjadi"}


def lihat_jejak(
    nomor: Annotated[str, typer.Argument(help="Nomor sesi, PS-…")],
    bentuk: PilihFormat = Format.TABEL,
    ke: Ke = None,
) -> None:
    """Jejak satu sesi dari awal, dalam kalimat dan waktu setempat unitnya. Json dan csv juga memuat isinya."""
    with buka_lihat() as layanan, layanan.buku.transaksi() as tx:
        sesi = tx.sesi.wajib_ada(nomor)
        jawaban = tx.persetujuan.semua(sesi)
        semua = ({**entri_terbaca(entri, jawaban), "isi": entri.isi} for entri in tx.jejak.baca_sesi(sesi.id))
        zona = sesi.zona_waktu
        keluarkan(KOLOM_JEJAK, semua, bentuk, ke, judul=JUDUL_JEJAK, zona=zona, lembar="jejak")
