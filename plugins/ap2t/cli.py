"""The ``ap2t`` command: look at sessions and kelompok, keep the units' patterns, migrate and check the ledger.

Exit code 0 where all holds, 1 where something does not, 2 for wrong usage.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from ap2t import koneksi, setelan
from ap2t.cli_audit import audit_app, lihat_jejak
from ap2t.cli_pola import pola_app
from ap2t.cli_umum import Unitup, buka_layanan, gagal_terbaca, tabel
from ap2t.domain.kontrak import periksa_unitup
from ap2t.galat import GalatPengesahan, LewatiLangkah, SegelTidakSah
from ap2t.ledger import segel, sesi, skema
from ap2t.ledger.mesin import jalankan
from ap2t.proses.layanan import Layanan
from ap2t.proses.lihat import rekap_unit, teks_rekap_unit

app = typer.Typer(
    no_args_is_help=True, help="Pengesahan stan meter: melihat, mengatur, memeriksa.", add_completion=False
)
buku = typer.Typer(no_args_is_help=True, help="Buku pengesahan (basis data proyek ini).")
app.add_typer(buku, name="buku")
app.add_typer(audit_app, name="audit")
app.add_typer(pola_app, name="pola")
app.command("jejak")(lihat_jejak)

Thblrek = Annotated[str | None, typer.Option(help="Bulan rekening TTTTBB.")]
HariBaca = Annotated[str | None, typer.Option(help="Kode kelompok hari baca.")]


@app.callback()
def _lingkungan() -> None:
    """Take what the environment leaves open from the embedded stack, where one was started here."""
    rumah = Path(os.environ.get("AP2T_HOME") or Path(__file__).resolve().parents[2] / ".ap2t")
    berkas = rumah / "lingkungan.json"
    if berkas.exists():
        for nama, nilai in json.loads(berkas.read_text()).items():
            os.environ.setdefault(nama, nilai)


@app.command()
def rekap(
    unitup: Annotated[str, typer.Option(help="Kode unit, lima angka.")],
    thblrek: Thblrek = None,
    hari_baca: HariBaca = None,
) -> None:
    """Tiap kelompok satu unit: terisi, terverifikasi, terkirim, belum dan sudah disahkan."""
    with buka_layanan() as layanan:
        kode = [hari_baca] if hari_baca else list(setelan.kelompok())
        typer.echo(teks_rekap_unit(rekap_unit(layanan, periksa_unitup(unitup), kode, thblrek)))


@app.command("sesi")
def daftar_sesi(
    unitup: Unitup = None,
    thblrek: Thblrek = None,
    hari_baca: HariBaca = None,
    batas: Annotated[int, typer.Option(help="Paling banyak berapa.", min=1, max=1000)] = 20,
) -> None:
    """Sesi pengesahan, yang terbaru dahulu."""
    with buka_layanan() as layanan, layanan.buku.transaksi() as conn:
        saring = {"unitup": unitup, "thblrek": thblrek, "hari_baca": hari_baca, "batas": batas}
        tabel([_sesi_ringkas(dict(b._mapping)) for b in jalankan(conn, "daftar_sesi", **saring)])


def _sesi_ringkas(b: dict[str, Any]) -> dict[str, Any]:
    return {
        "nomor": b["nomor"],
        "status": b["status"],
        "tahap": b["tahap"],
        "dimulai": f"{b['dibuka_pada'].astimezone():%Y-%m-%d %H:%M}",
        "oleh": b["pemicu"] or "jadwal",
        "keterangan": (b["keterangan"] or "")[:90],
    }


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
    with gagal_terbaca():
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
