"""``ap2t pemberitahuan``: check who is told of what, try a channel, look at what was sent.

Exit code 0 where all holds, 1 where something does not, 2 for wrong usage.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ap2t import koneksi, setelan
from ap2t.cli.keluaran import tabel
from ap2t.cli.umum import Unitup, buka_lihat, tempat_dikenal
from ap2t.galat import GalatPengesahan, KonfigurasiTidakSah, MasukanTidakSah
from ap2t.pemberitahuan.antrean import SUREL, Surat
from ap2t.pemberitahuan.aturan import Aturan, Kabar
from ap2t.pemberitahuan.pesan import Pesan
from ap2t.pemberitahuan.susun import muat_aturan, surel_sah

CONTOH = Path(__file__).with_name("contoh_pemberitahuan.yaml")

pemberitahuan_app = typer.Typer(no_args_is_help=True, help="Pemberitahuan: siapa dikabari apa, lewat saluran mana.")


@pemberitahuan_app.command("contoh")
def cetak_contoh() -> None:
    """Cetak contoh berkas beserta penjelasannya."""
    typer.echo(CONTOH.read_text(encoding="utf-8"), nl=False)


@pemberitahuan_app.command("periksa")
def periksa_berkas(
    berkas: Annotated[Path | None, typer.Argument(help="Berkas YAML; kosong: AP2T_PEMBERITAHUAN_BERKAS.")] = None,
) -> None:
    """Periksa berkas, alamat halaman, dan koneksi tiap saluran; tidak ada yang dikirim."""
    from ap2t.operators.dasar import alamat_airflow  # Airflow itself: not for the other commands

    try:
        aturan = muat_aturan(berkas or setelan.pemberitahuan_berkas())
    except KonfigurasiTidakSah as galat:  # that is what was asked: the answer is no
        typer.echo(f"GAGAL: {galat}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"Tautan menuju: {alamat_airflow() or 'TIDAK ADA; isi AP2T_ALAMAT_PUBLIK'}")
    semua = [*([SUREL] if koneksi.ada(koneksi.SUREL) else []), *aturan.semua_saluran]
    gagal = sum(not _coba(saluran, "koneksinya ada") for saluran in semua)
    if not koneksi.ada(koneksi.SUREL):
        typer.echo("surel: koneksi smtp_default belum diisi; tidak ada surel yang dikirim.")
    typer.echo(f"Berkas sah: {len(aturan.unit)} unit dan {len(aturan.orang)} orang disebut.")
    raise typer.Exit(1 if gagal else 0)


def _coba(saluran: str, kata: str, surat: Surat | None = None, pesan: Pesan | None = None) -> bool:
    """Open a channel, send a message over it, if there is one, and say how that went."""
    from ap2t.operators.saluran import buat_pembawa

    try:
        pembawa = buat_pembawa(saluran)
        try:
            if surat and pesan:
                pembawa.kirim(surat, pesan)
        finally:
            pembawa.putus()
    except GalatPengesahan as galat:
        typer.echo(f"{saluran}: GAGAL. {galat}", err=True)
        return False
    typer.echo(f"{saluran}: {kata}")
    return True


@pemberitahuan_app.command("uji")
def kirim_percobaan(
    kepada: Annotated[str, typer.Option(help="Nama pengguna (v_petugas.username).")], unitup: Unitup = None
) -> None:
    """Kirim satu pesan percobaan kepada seseorang, dan ke saluran unit bila --unitup diisi."""
    from ap2t.operators.dasar import alamat_airflow

    with buka_lihat() as layanan:
        aturan = muat_aturan(setelan.pemberitahuan_berkas())
        unit = tempat_dikenal(layanan, unitup)
        alamat = surel_sah(layanan.sumber.surel_orang(kepada), unitup)
        tujuan = _saluran_bagi(aturan, kepada, unit, alamat)
        if not tujuan:
            raise MasukanTidakSah(
                f"Tidak ada saluran bagi {kepada}: isi koneksi {koneksi.SUREL} dan surelnya di v_petugas, atau saluran "
                "Apprise di AP2T_PEMBERITAHUAN_BERKAS."
            )
        dasar = alamat_airflow()
        pesan = Pesan(
            "Pengesahan: pesan percobaan",
            "Pesan ini dikirim dengan `ap2t pemberitahuan uji`. Tidak ada yang perlu dilakukan.",
            [],
            [],
            [("Halaman Pengesahan", f"{dasar}/pengesahan/")] if dasar else [],
        )
        asal = ("UJI", "UJI", None, None, "")  # event, kind, session, gate, unit
        gagal = 0
        for saluran in tujuan:
            surat = Surat(0, *asal, kepada, saluran, alamat, 0, datetime.now(UTC), None, basi=False, usang=False)
            gagal += not _coba(saluran, "terkirim", surat, pesan)
    raise typer.Exit(1 if gagal else 0)


def _saluran_bagi(aturan: Aturan, kepada: str, unitup: str | None, alamat: str | None) -> list[str]:
    surel, sendiri = aturan.saluran_orang(unitup or "", kepada, Kabar.GERBANG)
    unit = aturan.saluran_unit(unitup, Kabar.GERBANG) if unitup else ()
    ada = surel and alamat and koneksi.ada(koneksi.SUREL)
    return list(dict.fromkeys([*([SUREL] if ada else []), *sendiri, *unit]))


@pemberitahuan_app.command("lihat")
def lihat_kabar(
    unitup: Unitup = None,
    gagal: Annotated[bool, typer.Option("--gagal", help="Hanya yang tidak sampai.")] = False,
    batas: Annotated[int, typer.Option(help="Paling banyak sekian baris.", min=1, max=10_000)] = 100,
) -> None:
    """Kabar terbaru: kepada siapa, lewat saluran apa, dan apa hasilnya."""
    with buka_lihat() as layanan:
        unit = tempat_dikenal(layanan, unitup)
        with layanan.buku.transaksi() as tx:
            kabar_terbaru = tx.jalankan("pemberitahuan_daftar", unitup=unit, gagal=gagal, batas=batas).mappings()
            semua = [dict(baris) for baris in kabar_terbaru]
    for baris in semua:
        baris["kepada"] = baris["kepada"] or "(unit)"
        for nama in ("dibuat_pada", "berikut_pada"):
            baris[nama] = f"{baris[nama].astimezone():%Y-%m-%d %H:%M}" if baris[nama] else None
    tabel(semua)
