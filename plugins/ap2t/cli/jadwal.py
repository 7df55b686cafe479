"""``ap2t jadwal``: what is due and not open, and what a look would do. Nothing is changed.

Exit code 0, also where something is late; 1 where it could not be looked at, 2 for wrong usage.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import typer

from ap2t import setelan
from ap2t.cli.keluaran import Format, Ke, PilihFormat, keluarkan
from ap2t.cli.umum import Unitup, buka_lihat, tempat_dikenal
from ap2t.domain.teks import hari
from ap2t.jadwal.catatan import JatuhTempo, baca_jatuh_tempo
from ap2t.jadwal.tengok import Pengaturan, uji_coba
from ap2t.lihat.lembar import judul

jadwal_app = typer.Typer(no_args_is_help=True, help="Jadwal hari baca: yang jatuh tempo, dan uji coba.")
JUDUL = judul(
    *("unitup", "thblrek", "hari_baca", "keadaan", "jatuh_tempo", "tenggat", "pelanggan", "terisi", "terverifikasi"),
    "terkirim",
    unitup="Unit",
    thblrek="Bulan",
)
KOLOM = (*JUDUL, "ditengok_pada", "lewat_sejak", "dibuka_pada", "run_id")
BULAN_AWAL = "000001"
MUNDUR_SEMUA = timedelta(days=62)
"""How far back ``--semua`` shows what was opened."""


def _baris_jadwal(jatuh: JatuhTempo, **lain: Any) -> dict[str, Any]:
    """Return a row as it is handed out: a day as text, the same in every format."""
    return {**jatuh._asdict(), "jatuh_tempo": jatuh.jatuh_tempo.isoformat(), **lain}


def _keadaan(jatuh: JatuhTempo, hari_ini: date, mundur: int) -> str:
    if jatuh.dibuka_pada is not None:
        return f"DIBUKA ({jatuh.sebab})"
    if jatuh.jatuh_tempo > hari_ini and jatuh.ditengok_pada is None:
        return "BELUM JATUH TEMPO"
    if jatuh.jatuh_tempo < hari_ini - timedelta(days=mundur + 1):
        return "TERLEWAT"
    if jatuh.run_id is not None:
        return "SEDANG DIBUKA"
    return "LEWAT TENGGAT" if jatuh.lewat_sejak is not None else "DITUNGGU"


@jadwal_app.command("lihat")
def lihat_jadwal(
    unitup: Unitup = None,
    semua: Annotated[bool, typer.Option("--semua", help="Juga yang sudah dibuka dan yang belum jatuh tempo.")] = False,
    bentuk: PilihFormat = Format.TABEL,
    ke: Ke = None,
) -> None:
    """Kelompok yang jatuh tempo dan belum dibuka, menurut tengokan terakhir: angkanya, tenggatnya, lewat atau tidak.

    TERLEWAT: jatuh tempo lebih lama dari AP2T_JADWAL_MUNDUR_HARI; jadwal tidak membukanya lagi, mulai sendiri.
    """
    hari_ini = hari(datetime.now(UTC))
    mundur = setelan.jadwal_mundur_hari()
    with buka_lihat() as layanan:
        kode = tempat_dikenal(layanan, unitup)
        with layanan.buku.transaksi() as tx:
            dikenal = baca_jatuh_tempo(tx, BULAN_AWAL, hari_ini - MUNDUR_SEMUA, kode)

        def baris() -> Iterator[dict[str, Any]]:
            for jatuh in dikenal:
                keadaan = _keadaan(jatuh, hari_ini, mundur)
                if semua or (jatuh.dibuka_pada is None and keadaan != "BELUM JATUH TEMPO"):
                    yield _baris_jadwal(jatuh, keadaan=keadaan)

        keluarkan(KOLOM, baris(), bentuk, ke, judul={**JUDUL, "ditengok_pada": "Ditengok"}, lembar="jadwal")


@jadwal_app.command()
def tengok(unitup: Unitup = None, bentuk: PilihFormat = Format.TABEL, ke: Ke = None) -> None:
    """Uji coba satu tengokan, kini: apa yang akan dibuka, apa yang ditunggu dan mengapa. Tidak ada yang diubah."""
    with buka_lihat() as layanan:
        kode = tempat_dikenal(layanan, unitup)
        semua, cacat_kalender = uji_coba(layanan, Pengaturan.berlaku())
        baris = (
            _baris_jadwal(putusan.jatuh, **putusan.angka._asdict(), keadaan=putusan.keadaan, kalimat=putusan.kalimat)
            for putusan in semua
            if kode in (None, putusan.jatuh.unitup)
        )
        keluarkan((*JUDUL, "kalimat"), baris, bentuk, ke, judul={**JUDUL, "kalimat": "Keterangan"}, lembar="tengok")
    for unit, cacat in cacat_kalender:
        if kode in (None, unit):
            typer.echo(f"CACAT KALENDER unit {unit} bulan {cacat.thblrek}: {cacat.kalimat}", err=True)
