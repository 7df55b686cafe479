"""The ``ap2t`` command: look at sessions and kelompok, keep the units' patterns, migrate and check the ledger.

Exit code 0 where all holds, 1 where something does not, 2 for wrong usage.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from ap2t import cli_lihat, koneksi, setelan
from ap2t.cli_arsip import arsip_app
from ap2t.cli_audit import audit_app, lihat_jejak
from ap2t.cli_jadwal import jadwal_app
from ap2t.cli_kata import Grup
from ap2t.cli_pemberitahuan import pemberitahuan_app
from ap2t.cli_pola import pola_app
from ap2t.cli_verifikasi import verifikasi
from ap2t.galat import GalatPengesahan, KoneksiTidakSah, LewatiLangkah, SegelTidakSah
from ap2t.ledger import segel, sesi, skema, syarat
from ap2t.proses.layanan import Layanan

app = typer.Typer(
    no_args_is_help=True,
    help="Pengesahan stan meter: melihat, mengatur, memeriksa.",
    add_completion=False,
    cls=Grup,
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

for _perintah in (cli_lihat.rekap, cli_lihat.status, cli_lihat.sesi, cli_lihat.bukti):
    app.command()(_perintah)


@app.callback()
def _lingkungan() -> None:
    """Take what the environment leaves open from the embedded stack, where one was started here."""
    rumah = Path(os.environ.get("AP2T_HOME") or Path(__file__).resolve().parents[2] / ".ap2t")
    berkas = rumah / "lingkungan.json"
    if berkas.exists():
        for nama, nilai in json.loads(berkas.read_text()).items():
            os.environ.setdefault(nama, nilai)


@app.command()
def periksa() -> None:
    """Periksa koneksi dan kontrak: ACMT, buku, AP2T, dan yang melengkapi jejak (Airflow, segel)."""
    gagal = 0
    for nama, uji in UJI.items():
        try:
            with Layanan() as layanan:
                typer.echo(f"{nama}: {uji(layanan)}")
        except LewatiLangkah as e:
            typer.echo(f"{nama}: PERINGATAN. {e}", err=True)
        except GalatPengesahan as e:
            gagal += 1
            typer.echo(f"{nama}: GAGAL. {e}", err=True)
    raise typer.Exit(1 if gagal else 0)


def _uji_acmt(layanan: Layanan) -> str:
    layanan.sumber.periksa_kontrak()
    return "sesuai kontrak"


def _uji_buku(layanan: Layanan) -> str:
    with layanan.buku.transaksi() as conn:
        if sebab := syarat.kurang(conn):
            raise KoneksiTidakSah(". ".join(sebab) + ".")
        terbuka = len(sesi.semua_terbuka(conn))
    return f"skema {skema.revisi(layanan.buku.mesin)}, {terbuka} sesi terbuka"


def _uji_ap2t(layanan: Layanan) -> str:
    return f"masuk berhasil, peran {', '.join(sorted(layanan.ap2t_baca().masuk().peran))}"


def _uji_airflow(layanan: Layanan) -> str:
    if not koneksi.ada(koneksi.AIRFLOW):
        raise LewatiLangkah("belum diisi: siapa menandai, mengulang, dan menjawab di Airflow tidak disalin ke jejak.")
    next(layanan.airflow().peristiwa(layanan.sekarang()), None)
    return "catatan peristiwa dapat dibaca"


def _uji_segel(_: Layanan) -> str:
    folder = setelan.segel_dir()
    if folder is None:
        raise LewatiLangkah("belum diisi: jejak yang ditulis ulang seluruhnya tidak akan ketahuan.")
    with segel.terkunci(folder):
        isi = segel.baca(folder)
    if isi.rusak:
        raise SegelTidakSah(f"{folder}: {isi.rusak}. Periksa dengan `ap2t audit verifikasi`.")
    return f"{folder} dapat ditulisi, {len(isi.segel)} segel"


UJI: dict[str, Callable[[Layanan], str]] = {
    "ACMT (acmt_db)": _uji_acmt,
    "Buku (cmt_db)": _uji_buku,
    "AP2T (ap2t_default)": _uji_ap2t,
    "Airflow (airflow_api)": _uji_airflow,
    "Segel (AP2T_SEGEL_DIR)": _uji_segel,
}


@buku.command()
def migrasi(
    auditor: Annotated[
        str | None, typer.Option(help="Peran basis data auditor: diberi hak baca saja.", envvar=skema.AUDITOR)
    ] = None,
) -> None:
    """Buat atau naikkan skema buku (memakai AP2T_LEDGER_OWNER_URL) dan beri hak peran aplikasi cmt_db."""
    pemilik = skema.mesin_pemilik()
    kini = skema.migrasikan(pemilik, koneksi.ambil(koneksi.BUKU).login, auditor)
    if auditor and not skema.hanya_baca(pemilik, auditor):
        typer.echo(
            f"Peran {auditor} hanya diberi SELECT. Lengkapi sebagai superuser: "
            f'ALTER ROLE "{auditor}" SET default_transaction_read_only = on;',
            err=True,
        )
    typer.echo(f"Skema buku: {kini}.")


if __name__ == "__main__":
    app()
