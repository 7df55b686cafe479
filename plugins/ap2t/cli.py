"""The ``ap2t`` command: look at sessions and kelompok, keep the units' patterns, migrate and check the ledger.

Exit code 0 where all holds, 1 where something does not, 2 for wrong usage.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import typer

from ap2t import koneksi, setelan
from ap2t.domain.kontrak import periksa_unitup
from ap2t.galat import GalatPengesahan, MasukanTidakSah
from ap2t.ledger import jejak, pola, sesi, skema
from ap2t.ledger.mesin import jalankan
from ap2t.proses.layanan import Layanan
from ap2t.proses.lihat import rekap_unit, teks_rekap_unit

app = typer.Typer(
    no_args_is_help=True, help="Pengesahan stan meter: melihat, mengatur, memeriksa.", add_completion=False
)
buku = typer.Typer(no_args_is_help=True, help="Buku pengesahan (basis data proyek ini).")
audit = typer.Typer(no_args_is_help=True, help="Pemeriksaan jejak.")
pola_app = typer.Typer(no_args_is_help=True, help="Pola pengesahan unit.")
app.add_typer(buku, name="buku")
app.add_typer(audit, name="audit")
app.add_typer(pola_app, name="pola")

Unitup = Annotated[str | None, typer.Option(help="Kode unit, lima angka.")]
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


@contextmanager
def _layanan() -> Iterator[Layanan]:
    try:
        with Layanan() as layanan:
            yield layanan
    except GalatPengesahan as e:
        typer.echo(f"GAGAL: {e}", err=True)
        raise typer.Exit(1) from None


def _tabel(baris: Sequence[dict[str, Any]]) -> None:
    import pandas as pd

    if not baris:
        typer.echo("Tidak ada.")
        return
    kolom = list(baris[0])
    isi = [["" if b[k] is None else str(b[k]) for k in kolom] for b in baris]
    typer.echo(pd.DataFrame(isi, columns=kolom).to_markdown(index=False, disable_numparse=True))


@app.command()
def rekap(
    unitup: Annotated[str, typer.Option(help="Kode unit, lima angka.")],
    thblrek: Thblrek = None,
    hari_baca: HariBaca = None,
) -> None:
    """Tiap kelompok satu unit: terisi, terverifikasi, terkirim, belum dan sudah disahkan."""
    with _layanan() as layanan:
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
    with _layanan() as layanan, layanan.buku.transaksi() as conn:
        saring = {"unitup": unitup, "thblrek": thblrek, "hari_baca": hari_baca, "batas": batas}
        _tabel([_sesi_ringkas(dict(b._mapping)) for b in jalankan(conn, "daftar_sesi", **saring)])


def _sesi_ringkas(b: dict[str, Any]) -> dict[str, Any]:
    return {
        "nomor": b["nomor"],
        "status": b["status"],
        "tahap": b["tahap"],
        "dimulai": f"{b['dibuka_pada'].astimezone():%Y-%m-%d %H:%M}",
        "oleh": b["pemicu"] or "jadwal",
        "keterangan": (b["keterangan"] or "")[:90],
    }


@app.command("jejak")
def lihat_jejak(nomor: Annotated[str, typer.Argument(help="Nomor sesi, PS-…")]) -> None:
    """Jejak satu sesi, dari awal."""
    with _layanan() as layanan, layanan.buku.transaksi() as conn:
        s = sesi.bernomor(conn, nomor)
        if s is None:
            raise MasukanTidakSah(f"Tidak ada sesi bernomor {nomor}. Lihat daftarnya dengan `ap2t sesi`.")
        for b in jalankan(conn, "jejak_sesi", sesi_id=s.id):
            isi = json.dumps(b.isi, ensure_ascii=False)
            typer.echo(f"{b.id:>8}  {b.pada:%Y-%m-%d %H:%M:%S}  {b.jenis:<26} {b.pelaku:<16} {isi}")


@app.command()
def periksa() -> None:
    """Periksa koneksi dan kontrak: ACMT, buku, AP2T."""
    gagal = 0
    for nama, uji in (("ACMT (acmt_db)", _uji_acmt), ("Buku (cmt_db)", _uji_buku), ("AP2T (ap2t_default)", _uji_ap2t)):
        try:
            with Layanan() as layanan:
                typer.echo(f"{nama}: {uji(layanan)}")
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


@buku.command()
def migrasi() -> None:
    """Buat atau naikkan skema buku (memakai AP2T_LEDGER_OWNER_URL) dan beri hak peran aplikasi cmt_db."""
    try:
        kini = skema.migrasikan(skema.mesin_pemilik(), koneksi.ambil(koneksi.BUKU).login)
    except GalatPengesahan as e:
        typer.echo(f"GAGAL: {e}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"Skema buku: {kini}.")


@audit.command()
def verifikasi() -> None:
    """Periksa rantai jejak dari awal; sebut mata rantai pertama yang putus."""
    with _layanan() as layanan, layanan.buku.transaksi() as conn:
        hasil = jejak.periksa(conn)
    if hasil.putus:
        typer.echo(f"PUTUS: {hasil.putus}.", err=True)
        raise typer.Exit(1)
    typer.echo(f"Utuh: {hasil.jumlah} jejak. Kepala: {hasil.kepala}")


@pola_app.command("lihat")
def lihat_pola(unitup: Unitup = None) -> None:
    """Riwayat pola tiap unit; unit tanpa baris memakai bawaan (LENGKAP, satu pengesah, 2000 jam)."""
    with _layanan() as layanan, layanan.buku.transaksi() as conn:
        _tabel([dict(b._mapping) for b in jalankan(conn, "pola_unit_riwayat", unitup=unitup)])


@pola_app.command()
def atur(
    unitup: Annotated[str, typer.Option(help="Kode unit, lima angka.")],
    alasan: Annotated[str, typer.Option(help="Dasar perubahan, paling sedikit 10 huruf; tercatat.")],
    pola_: Annotated[str, typer.Option("--pola", help="LENGKAP: semua harus siap. BERTAHAP: yang siap dahulu.")],
    pengesah: Annotated[int, typer.Option(help="Jumlah pengesah.", min=1, max=2)] = 1,
    batas_jam_nyala: Annotated[str, typer.Option(help="Batas jam nyala; tidak pernah di atas 2000.")] = "2000",
) -> None:
    """Tetapkan pola satu unit; berlaku untuk sesi yang dibuka sesudahnya."""
    with _layanan() as layanan:
        try:
            batas = Decimal(batas_jam_nyala)
        except InvalidOperation:
            raise MasukanTidakSah(f"Batas jam nyala {batas_jam_nyala!r} bukan bilangan.") from None
        layanan.sumber.unit(periksa_unitup(unitup))
        with layanan.buku.transaksi() as conn:
            pola.atur(conn, unitup, sesi.Pola(pola_, pengesah, batas), getpass.getuser(), alasan)
    typer.echo(f"Unit {unitup}: pola {pola_}, {pengesah} pengesah, batas {batas} jam.")


if __name__ == "__main__":
    app()
