"""The ``ap2t`` command: look at sessions and kelompok, keep the units' patterns, migrate and check the ledger.

Exit code 0 where all holds, 1 where something does not, 2 for wrong usage.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ap2t import koneksi, setelan
from ap2t.cli import lihat
from ap2t.cli.arsip import arsip_app
from ap2t.cli.audit import audit_app, lihat_jejak
from ap2t.cli.bahasa import Grup
from ap2t.cli.jadwal import jadwal_app
from ap2t.cli.pemberitahuan import pemberitahuan_app
from ap2t.cli.pola import pola_app
from ap2t.cli.verifikasi import verifikasi
from ap2t.domain.teks import dari_json
from ap2t.galat import MasukanTidakSah
from ap2t.kelola import pemeriksaan
from ap2t.kelola.pemeriksaan import Tingkat
from ap2t.ledger import skema

app = typer.Typer(
    no_args_is_help=True, help="Pengesahan stan meter: melihat, mengatur, memeriksa.", add_completion=False, cls=Grup
)
buku = typer.Typer(no_args_is_help=True, help="Buku pengesahan (basis data proyek ini).")
app.add_typer(buku, name="buku")
app.add_typer(audit_app, name="audit")
app.add_typer(arsip_app, name="arsip")
app.add_typer(pola_app, name="pola")
app.add_typer(jadwal_app, name="jadwal")
app.add_typer(pemberitahuan_app, name="pemberitahuan")
app.command("jejak")(lihat_jejak)
app.command("verifikasi")(verifikasi)

for _perintah in (lihat.rekap, lihat.status, lihat.pengembalian, lihat.pemeriksaan, lihat.sesi, lihat.bukti):
    app.command()(_perintah)


@app.callback()
def pakai_lingkungan() -> None:
    """Take what the environment leaves open from the embedded stack, where one was started here."""
    rumah = setelan.rumah() or Path(__file__).resolve().parents[3] / ".ap2t"
    berkas = rumah / "lingkungan.json"
    if not berkas.exists():
        return
    try:
        isi = {str(nama): str(nilai) for nama, nilai in dari_json(berkas.read_text()).items()}
    except (OSError, ValueError, AttributeError):
        raise MasukanTidakSah(
            f"Berkas {berkas} rusak: ia berisi objek JSON yang ditulis `make up`. Jalankan `make up` lagi, atau hapus."
        ) from None
    for nama, nilai in isi.items():
        os.environ.setdefault(nama, nilai)


@app.command("periksa")
def periksa_penerapan() -> None:
    """Periksa koneksi, kontrak, isi dan setelan: ACMT, buku, AP2T, dan yang melengkapi jejak (Airflow, segel).

    Kode keluar 1 bila ada yang GAGAL; PERINGATAN baik diketahui, tetapi semuanya tetap berjalan.
    """
    gagal = False
    for bagian, tingkat, kalimat in pemeriksaan.periksa_pemasangan():
        gagal |= tingkat is Tingkat.GAGAL
        awal = "" if tingkat is Tingkat.BAIK else f"{tingkat}. "
        typer.echo(f"{bagian}: {awal}{kalimat}", err=tingkat is not Tingkat.BAIK)
    raise typer.Exit(1 if gagal else 0)


@buku.command()
def migrasi(
    auditor: Annotated[
        str | None,
        typer.Option(help="Peran basis data auditor: diberi hak baca saja.", envvar=setelan.auditor_buku.nama),
    ] = None,
    halaman: Annotated[
        str | None,
        typer.Option(
            help="Peran basis data halaman: hanya boleh mencatat yang dilihat dan diperiksa.",
            envvar=setelan.halaman_buku.nama,
        ),
    ] = None,
) -> None:
    """Buat atau naikkan skema buku (memakai AP2T_LEDGER_OWNER_URL) dan beri hak peran aplikasi cmt_db."""
    pemilik = skema.mesin_pemilik()
    kini = skema.migrasikan(pemilik, koneksi.ambil(koneksi.BUKU).login, auditor, halaman)
    if auditor and not skema.hanya_baca(pemilik, auditor):
        typer.echo(
            f"Peran {auditor} hanya diberi SELECT. Lengkapi sebagai superuser: "
            f'ALTER ROLE "{auditor}" SET default_transaction_read_only = on;',
            err=True,
        )
    typer.echo(f"Skema buku: {kini}.")
