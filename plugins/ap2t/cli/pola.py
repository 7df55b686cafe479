"""``ap2t pola``: the units' patterns of approval, one document for all of them, with history."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from ap2t.cli.keluaran import tabel
from ap2t.cli.umum import Unitup, buka_layanan, buka_lihat, tempat_dikenal
from ap2t.domain.konfigurasi import dari_kanonik, isi_pola, tulis_pola
from ap2t.domain.kontrak import periksa_unitup
from ap2t.domain.pola import BAWAAN
from ap2t.galat import KonfigurasiTidakSah, MasukanTidakSah
from ap2t.kelola.pola import atur, periksa_naskah, terapkan
from ap2t.ledger.konfigurasi import Versi
from ap2t.ledger.skema import mesin_pemilik

CONTOH = Path(__file__).with_name("contoh_pola.yaml")

pola_app = typer.Typer(no_args_is_help=True, help="Pola pengesahan unit: satu konfigurasi untuk semua, dengan riwayat.")

Alasan = Annotated[str, typer.Option(help="Dasar perubahan, paling sedikit 10 huruf; tercatat pada jejak.")]
Berkas = Annotated[Path, typer.Argument(help="Berkas YAML; contohnya dari `ap2t pola contoh`.")]


@pola_app.command("contoh")
def cetak_contoh() -> None:
    """Cetak contoh konfigurasi beserta penjelasannya."""
    typer.echo(CONTOH.read_text(encoding="utf-8"), nl=False)


@pola_app.command("periksa")
def periksa_berkas(berkas: Berkas) -> None:
    """Periksa berkas konfigurasi tanpa menerapkannya; semua kesalahan disebut beserta barisnya."""
    with buka_layanan() as layanan:
        try:
            naskah = periksa_naskah(layanan, _baca_utf8(berkas), typer.echo)
        except KonfigurasiTidakSah as galat:  # that is what was asked: the answer is no
            typer.echo(f"GAGAL: {galat}", err=True)
            raise typer.Exit(1) from None
    typer.echo(f"Sah: {len(naskah.konfigurasi.unit)} unit disebut. Belum diterapkan.")


@pola_app.command("terapkan")
def terapkan_berkas(berkas: Berkas, alasan: Alasan) -> None:
    """Terapkan berkas konfigurasi seluruhnya (memakai AP2T_LEDGER_OWNER_URL); menjadi versi baru."""
    with buka_layanan() as layanan:
        naskah = _baca_utf8(berkas)
        versi = terapkan(layanan, mesin_pemilik(), naskah, getpass.getuser(), alasan, typer.echo)
    _sebut(versi)


@pola_app.command("atur")
def atur_unit(
    unitup: Annotated[str, typer.Option(help="Kode unit, lima angka.")],
    alasan: Alasan,
    pola: Annotated[str, typer.Option(help="LENGKAP: semua harus siap. BERTAHAP: yang siap dahulu.")],
    pengesah: Annotated[int, typer.Option(help="Jumlah pengesah.", min=1, max=2)] = 1,
    batas_jam_nyala: Annotated[str, typer.Option(help="Batas jam nyala; tidak pernah di atas 2000.")] = "2000",
) -> None:
    """Ubah pola satu unit; tenggat dan delegasinya tetap. Menjadi versi baru seluruh konfigurasi."""
    ubah = {"kesiapan": pola, "persetujuan_kedua": pengesah == 2, "batas_jam_nyala": batas_jam_nyala}
    with buka_layanan() as layanan:
        versi = atur(layanan, mesin_pemilik(), unitup, ubah, getpass.getuser(), alasan)
    _sebut(versi)


@pola_app.command("lihat")
def lihat_pola(
    unitup: Unitup = None,
    versi: Annotated[int | None, typer.Option(help="Nomor versi; kosong: yang berlaku.", min=1)] = None,
) -> None:
    """Cetak konfigurasi seperti diterapkan, atau pola yang berlaku bagi satu unit."""
    with buka_lihat() as layanan:
        with layanan.buku.transaksi() as tx:
            tersimpan = tx.konfigurasi.ambil(versi)
        if tersimpan is None and versi is not None:
            raise MasukanTidakSah(f"Tidak ada konfigurasi versi {versi}. Lihat `ap2t pola riwayat`.")
        typer.echo(_kepala(tersimpan))
        if unitup is None:
            typer.echo(tersimpan.teks.rstrip() if tersimpan else "unit: {}")
            return
        konfigurasi = dari_kanonik(tersimpan.isi) if tersimpan else None
        pola = (konfigurasi.unit.get(periksa_unitup(unitup)) or konfigurasi.bawaan) if konfigurasi else BAWAAN
        if konfigurasi is None or unitup not in konfigurasi.unit:
            tempat_dikenal(layanan, unitup)
            typer.echo("# unit ini tidak disebut: bawaan yang berlaku")
        typer.echo(tulis_pola(isi_pola(pola)).rstrip())


@pola_app.command("riwayat")
def riwayat() -> None:
    """Semua versi: sejak kapan, oleh siapa, mengapa."""
    with buka_lihat() as layanan, layanan.buku.transaksi() as tx:
        tabel(
            [
                {
                    **baris,
                    "berlaku_sejak": f"{baris['berlaku_sejak'].astimezone():%Y-%m-%d %H:%M}",
                    "sidik": baris["sidik"][:12],
                }
                for baris in tx.jalankan("konfigurasi_riwayat").mappings()
            ]
        )


def _kepala(versi: Versi | None) -> str:
    if versi is None:
        return "# Belum ada konfigurasi yang diterapkan; semua unit memakai bawaan."
    sejak = f"{versi.berlaku_sejak.astimezone():%Y-%m-%d %H:%M %Z}"
    alasan = " ".join(versi.alasan.split())
    return f"# versi {versi.versi}, berlaku sejak {sejak}, oleh {versi.oleh}: {alasan}\n# sidik {versi.sidik}"


def _sebut(versi: Versi | None) -> None:
    if versi is None:
        typer.echo("Sama dengan yang berlaku; tidak ada yang berubah.")
        return
    typer.echo(
        f"Konfigurasi versi {versi.versi} berlaku, sidik {versi.sidik[:12]}. "
        "Sesi yang sudah terbuka tetap pada polanya."
    )


def _baca_utf8(berkas: Path) -> str:
    try:
        return berkas.read_text(encoding="utf-8-sig")
    except OSError as galat:
        raise MasukanTidakSah(f"Berkas {berkas} tidak dapat dibaca: {galat.strerror}.") from None
    except UnicodeDecodeError as galat:
        baris = galat.object[: galat.start].count(b"\n") + 1
        raise MasukanTidakSah(
            f"Berkas {berkas} bukan teks UTF-8 (baris {baris}). Simpan ulang sebagai UTF-8."
        ) from None
